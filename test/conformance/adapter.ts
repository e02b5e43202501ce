import type { CountyFile } from '../../hub/programme/county-file.ts';
import type { EnrolAnswer } from '../../protocol/sync/messages.ts';

/**
 * What a hub must offer to be held to the invariants of docs/protocol.md. It says nothing of tables: a county comes in as
 * the file that `hub import` reads, a hub is spoken to as kiosks and people speak to it, and read as an auditor reads it.
 */
export interface Adapter {
  readonly name: string;
  /** A new hub with this county, running. */
  open(county: CountyFile): Promise<Hub>;
  /** Ends what its hubs shared. */
  close(): Promise<void>;
}

/** What people are told: done, or why not. */
export type Said = { readonly ok: true } | { readonly ok: false; readonly code: string; readonly says: string };
export type SyncAnswer =
  | { readonly ok: true; readonly body: Uint8Array; readonly signature: string }
  | { readonly ok: false; readonly says: string };
export type EnrolSaid = EnrolAnswer | { readonly state: 'refused'; readonly says: string };

export interface NewCredit {
  readonly credit: string;
  readonly acct: string;
  readonly pts: number;
  /** Entered again after a restore. */
  readonly again?: boolean;
}

export interface Hub {
  /** The hub's own clock, ms. */
  nowMs(): number;
  /** Its clock jumps, ahead or back. */
  jump(byMs: number): Promise<void>;

  issueCode(tid: string, shop: string, by: string): Promise<{ readonly code: string }>;
  /** What a device asks, and asks again. */
  enrol(request: string): Promise<EnrolSaid>;
  confirm(tid: string, fingerprint: string, by: string): Promise<Said>;
  /** Any bytes, by anybody. A hub that is down, or cannot keep them, answers `ok: false`. */
  sync(tid: string, body: Uint8Array, signature: string): Promise<SyncAnswer>;

  /** Acts that take two people, by the names of docs/surfaces.md. */
  propose(kind: string, detail: Readonly<Record<string, unknown>>, by: string): Promise<string>;
  approve(act: string, by: string): Promise<Said>;
  /** Approves a proposal in its maker's own name, behind the rules: straight at the store. Answers the store's refusal. */
  forgeApproval(act: string): Promise<string>;
  makeCredit(credit: NewCredit, by: string): Promise<Said>;
  approveCredit(credit: string, by: string): Promise<Said>;
  /** What the calendar asks for is done: credits that are due are posted. */
  calendar(): Promise<void>;
  /** Kinds of what an operator is shown about this terminal and is not settled. */
  shown(tid: string): Promise<readonly string[]>;

  /** It dies as a process dies, with no time to say goodbye. */
  kill(): Promise<void>;
  start(): Promise<void>;
  backup(): Promise<unknown>;
  /** The hub is lost; another one begins from the backup, with a new incarnation. */
  restore(backup: unknown): Promise<void>;
  /** The disk under its store has no room, or has room again. */
  diskFull(full: boolean): Promise<void>;
  /**
   * Starts another hub on a store that would lose acknowledged commits at a power cut. Answers its refusal; null where the
   * hub keeps nothing on a disk, so that there is nothing to lose but with the process.
   */
  startUndurable(): Promise<string | null>;

  /** Writes the public export into a new folder, and answers the folder. */
  export(): Promise<string>;
  /** Everything it ever wrote into logs, and its metrics. */
  said(): Promise<string>;
  close(): Promise<void>;
}
