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
  records(): Iterable<ExportedRecord>;
  transfers(): Iterable<TransferRow>;
  epochs(): Iterable<ExportedEpoch>;
  /** Manifest digest of the export before; null for the first. */
  previousManifest(): string | null;
}
export interface ExportStore {
  /** `work` must not wait: it reads inside one transaction. */
  snapshot<T>(work: (snapshot: ExportSnapshot) => T): T;
  noteExport(manifestSha256: string, at: number): void;
}
