export type { IdCard } from './id-card.ts';
export { type IdReaderFaultName, type SimulatedIdReader, startIdReader } from './id-reader.ts';
