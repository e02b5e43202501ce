import type { TransferRow } from '../../protocol/api/console.ts';

/** A line of records.jsonl. */
export interface ExportedRecord {
  readonly tid: string;
  readonly ep: number;
  readonly seq: number | null;
  readonly jws: string;
  readonly stage: string;
  readonly flags: readonly string[];
}
export interface ExportedEpoch {
  readonly tid: string;
  readonly ep: number;
  readonly publicKey: Uint8Array;
  readonly enrolmentJws: string;
}
/** One consistent view of the books, however long it is read and whatever arrives meanwhile. */
export interface ExportSnapshot {
  records(): AsyncIterable<ExportedRecord>;
  transfers(): AsyncIterable<TransferRow>;
  closes(): AsyncIterable<unknown>;
  epochs(): Promise<readonly ExportedEpoch[]>;
  /** Manifest digest of the export before; null for the first. */
  previousManifest(): Promise<string | null>;
}
export interface ExportStore {
  snapshot<T>(work: (snapshot: ExportSnapshot) => Promise<T>): Promise<T>;
  noteExport(manifestSha256: string, at: number): Promise<void>;
}
