/** Simulated cards, played to vpcd or to the virtual reader over vpcd's wire. */
export type { AuthenticatingCard, CardFault, PlainCard, SimulatedCard } from './applet.ts';
export { type DesfireChip, personalised } from './desfire/chip.ts';
export type { DesfireFault } from './desfire/fault.ts';
export { type LaidCard, layCard } from './lay-card.ts';
