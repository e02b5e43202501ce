import type { Page } from '../../protocol/api/console.ts';
import type {
  ActRow,
  CreditItem,
  CreditState,
  ExceptionItem,
  ExceptionPage,
  RequestItem,
  ResidentPage,
  ShelfItem,
} from '../../protocol/api/programme.ts';

interface Paged {
  /** `<time>.<id>` of the last row of the page before. */
  readonly cursor?: string;
  readonly limit: number;
}
export interface ExceptionQuery extends Paged {
  readonly at: number;
  readonly state: 'open' | 'closed';
  readonly kind?: string;
  readonly tid?: string;
  /** `nobody` for what nobody has taken. */
  readonly owner?: string;
  readonly overdue?: boolean;
}

/** Lists of the programme's work. Reading only. */
export interface ProgrammeLists {
  acts(query: Paged & { readonly state?: ActRow['state'] }): Promise<Page<Omit<ActRow, 'mayApprove'>>>;
  /** The most urgent first; of closed ones the latest. */
  exceptions(query: ExceptionQuery): Promise<Page<ExceptionItem>>;
  exception(exception: string, at: number): Promise<ExceptionPage | null>;
  resident(acct: string, at: number): Promise<ResidentPage | null>;
  credits(query: Paged & { readonly state?: CreditState; readonly acct?: string }): Promise<Page<CreditItem>>;
  requests(
    query: Paged & {
      readonly kind?: RequestItem['kind'];
      readonly state?: RequestItem['state'];
      readonly acct?: string;
    },
  ): Promise<Page<RequestItem>>;
  shelves(shop: string): Promise<readonly ShelfItem[]>;
}
