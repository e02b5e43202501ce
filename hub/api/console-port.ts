import type { Allowance } from '../../protocol/allowance/counters.ts';
import type {
  BalanceRow,
  HomeView,
  Page,
  RecordRow,
  Stage,
  TerminalRow,
  TransferRow,
} from '../../protocol/api/console.ts';

import type { ProgrammeLists } from './programme-port.ts';

export interface RecordQuery {
  readonly tid?: string;
  readonly stage?: Stage;
  /** Record number, check code's record, account or name. */
  readonly q?: string;
  readonly cursor?: string;
  readonly limit: number;
}
/** A stored record with what surrounds it. */
export interface RecordDetail {
  readonly row: RecordRow;
  readonly jws: string;
  readonly code: string | null;
  readonly prevHash: string | null;
  readonly hasNext: boolean;
  readonly allowanceAfter: Allowance | null;
  readonly transfers: readonly TransferRow[];
  readonly itemNames: ReadonlyMap<string, string>;
}

/** What pages show. Reading only. */
export interface ConsoleStore extends ProgrammeLists {
  home(at: number): Promise<HomeView>;
  records(query: RecordQuery): Promise<Page<RecordRow>>;
  /** Of a fork more than one, first to arrive first. */
  record(tid: string, ep: number, seq: number): Promise<readonly RecordDetail[]>;
  balances(query: { q?: string; cursor?: string; limit: number }): Promise<Page<BalanceRow>>;
  shops(): Promise<readonly { shop: string; name: string; village: string }[]>;
  terminals(): Promise<readonly TerminalRow[]>;
}
