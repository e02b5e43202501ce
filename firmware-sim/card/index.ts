/** Simulated cards, played to vpcd or to the virtual reader over vpcd's wire. */
export type { CardFault, SimulatedCard } from './applet.ts';
export { type LaidCard, layCard } from './lay-card.ts';
