/** Simulated cards, played to vpcd or to the virtual reader over vpcd's wire. */
export type { CardApplet, CardFault, SimulatedCard } from './applet.ts';
export { type LaidCard, layCard, type ReaderAddress } from './lay-card.ts';
