import type {
  AllowanceRow,
  CloseRow,
  DecisionRow,
  DueRow,
  EpochRow,
  HoldRow,
  HoleRow,
  JudgementRow,
  RecordRow,
  VisitRow,
  WaitRow,
} from './rows-chains.ts';
import type {
  CardRow,
  ClerkRow,
  CountyRow,
  CreditRow,
  ExceptionRow,
  ItemRow,
  LoanRow,
  LotRow,
  OperatorRow,
  ProposalRow,
  RequestRow,
  ResidentRow,
  SessionRow,
  ShopRow,
  StockRow,
  TerminalRow,
  TextRow,
  VillageRow,
} from './rows-county.ts';
import { table } from './table-shape.ts';
import { PROGRAMME_TABLES } from './tables-programme.ts';

export type * from './rows-chains.ts';
export type * from './rows-county.ts';
export type * from './rows-programme.ts';

/**
 * The rows that rules read and write, whatever keeps them: memory in the simulator, SQLite or PostgreSQL in a hub. Every
 * table's key begins with the county, which the store adds; no transaction crosses a county. Columns are these names in
 * snake case; `json` columns are text there. Points are whole numbers, times ms since the Unix epoch.
 */

const chainKey = { tid: 'text', ep: 'int' } as const;
export const TABLES = {
  counties: table<CountyRow>()({
    key: [],
    columns: {
      ...{ id: 'text', name: 'text', nameEn: 'text', timeZone: 'text', inc: 'text', downlinkVersion: 'int' },
      ...{ policyJson: 'text', policyVersion: 'int', catalogueJws: 'text', catalogueVersion: 'int' },
      ...{ hotlistVersion: 'int', restoring: 'int' },
    },
    lists: {},
  }),
  villages: table<VillageRow>()({
    key: ['village'],
    columns: { village: 'text', name: 'text', nameEn: 'text', pepperVersion: 'int', pepperSealed: 'blob' },
    lists: { all: { by: [], order: 'village' } },
  }),
  shops: table<ShopRow>()({
    key: ['shop'],
    columns: { shop: 'text', village: 'text', name: 'text', nameEn: 'text', phone: 'text' },
    lists: { all: { by: [], order: 'shop' } },
  }),
  terminals: table<TerminalRow>()({
    key: ['tid'],
    columns: { tid: 'text', shop: 'text', lastSyncAt: 'int', healthJson: 'text' },
    lists: { all: { by: [], order: 'tid' } },
  }),
  texts: table<TextRow>()({
    key: ['hash'],
    columns: { hash: 'text', tid: 'text', salt: 'text', text: 'text' },
    lists: {},
  }),
  epochs: table<EpochRow>()({
    key: ['tid', 'ep'],
    columns: {
      ...chainKey,
      ...{ shop: 'text', village: 'text', state: 'text', codeHash: 'blob', codeExpiresAt: 'int', issuedBy: 'text' },
      ...{ publicKey: 'blob', fingerprint: 'text', confirmedBy: 'text', pepperSealed: 'blob', enrolmentJws: 'text' },
      ...{ enrolmentHash: 'text', storedSeq: 'int', storedHead: 'text', topSeq: 'int', judgedSeq: 'int' },
      ...{
        judgedHead: 'text',
        judgedTot: 'int',
        judgedAt: 'int',
        forkedSeq: 'int',
        brokenSeq: 'int',
        revokedSeq: 'int',
      },
      ...{ endSeq: 'int', closeSeq: 'int', closedSeq: 'int', day: 'json', waitsCode: 'text', reportedInc: 'text' },
    },
    lists: {
      all: { by: [], order: 'tid' },
      ofTerminal: { by: ['tid'], order: 'ep' },
      byCode: { by: ['codeHash'], order: 'ep' },
      byKey: { by: ['publicKey'], order: 'ep' },
    },
  }),
  records: table<RecordRow>()({
    key: ['tid', 'ep', 'hash'],
    columns: {
      ...chainKey,
      ...{ arrival: 'auto', seq: 'int', hash: 'text', prev: 'text', jws: 'text', receivedAt: 'int' },
    },
    lists: { bySeq: { by: ['tid', 'ep'], order: 'seq' } },
    appendOnly: true,
  }),
  judgements: table<JudgementRow>()({
    key: ['tid', 'ep', 'seq'],
    columns: {
      ...chainKey,
      ...{ seq: 'int', hash: 'text', stage: 'text', flags: 'json', code: 'text', judgedAt: 'int', type: 'text' },
      ...{ acct: 'text', card: 'text', pts: 'int', at: 'int', day: 'text', s: 'int', v: 'int', r: 'int', g: 'int' },
      undoneBy: 'text',
    },
    lists: { ofChain: { by: ['tid', 'ep'], order: 'seq' }, ofAccount: { by: ['acct'], order: 'at' } },
  }),
  allowances: table<AllowanceRow>()({
    key: ['tid', 'ep', 'acct'],
    columns: {
      ...chainKey,
      ...{ acct: 'text', g: 'int', s: 'int', v: 'int', r: 'int', said: 'json', covered: 'int', atSeq: 'int' },
      ...{ grantJws: 'text', grantVersion: 'int', keep: 'int' },
    },
    lists: {
      ofChain: { by: ['tid', 'ep'], order: 'grantVersion' },
      recalled: { by: ['tid', 'ep'], order: 'keep' },
      allRecalled: { by: [], order: 'keep' },
      ofAccount: { by: ['acct'], order: 'tid' },
    },
  }),
  holds: table<HoldRow>()({
    key: ['tid', 'ep', 'seq', 'acct'],
    columns: {
      ...chainKey,
      ...{ seq: 'int', acct: 'text', leftPts: 'int', lentPts: 'int', backPts: 'int', source: 'text', state: 'text' },
    },
    lists: { ofChain: { by: ['tid', 'ep'], order: 'seq' }, ofAccount: { by: ['acct'], order: 'tid' } },
  }),
  closes: table<CloseRow>()({
    key: ['tid', 'ep', 'seq'],
    columns: {
      ...chainKey,
      ...{ seq: 'int', fromSeq: 'int', toSeq: 'int', at: 'int', redeemedCount: 'int', redeemedPts: 'int' },
      ...{ voidedCount: 'int', voidedPts: 'int', byItem: 'json', auto: 'int', holed: 'int' },
    },
    lists: { ofChain: { by: ['tid', 'ep'], order: 'seq' } },
    appendOnly: true,
  }),
  holes: table<HoleRow>()({
    key: ['tid', 'ep', 'fromSeq'],
    columns: { ...chainKey, fromSeq: 'int', toSeq: 'int', act: 'text' },
    lists: { ofChain: { by: ['tid', 'ep'], order: 'fromSeq' } },
    appendOnly: true,
  }),
  decisions: table<DecisionRow>()({
    key: ['tid', 'ep', 'hash'],
    columns: { ...chainKey, seq: 'int', hash: 'text', kind: 'text', act: 'text' },
    lists: { ofChain: { by: ['tid', 'ep'], order: 'seq' } },
    appendOnly: true,
  }),
  residents: table<ResidentRow>()({
    key: ['acct'],
    columns: {
      ...{ acct: 'text', village: 'text', name: 'text', initials: 'text', rosterVersion: 'int' },
      ...{ preferencesJson: 'text', leftAt: 'int' },
    },
    lists: { ofVillage: { by: ['village'], order: 'rosterVersion' } },
  }),
  clerks: table<ClerkRow>()({
    key: ['clerk'],
    columns: { clerk: 'text', village: 'text', name: 'text', rosterVersion: 'int', acct: 'text' },
    lists: { ofVillage: { by: ['village'], order: 'rosterVersion' }, changed: { by: [], order: 'rosterVersion' } },
  }),
  cards: table<CardRow>()({
    key: ['card'],
    columns: {
      ...{ card: 'int', kind: 'text', uidIndex: 'blob', uidSealed: 'blob', last4: 'text', acct: 'text', clerk: 'text' },
      ...{ state: 'text', pinSalt: 'text', pinSealed: 'blob', unlockedAt: 'int' },
    },
    lists: {
      ofAccount: { by: ['acct'], order: 'card' },
      ofClerk: { by: ['clerk'], order: 'card' },
      byUid: { by: ['uidIndex'], order: 'card' },
      inState: { by: ['state'], order: 'card' },
    },
  }),
  waits: table<WaitRow>()({
    key: ['tid', 'ep', 'acct'],
    columns: { ...chainKey, acct: 'text', pts: 'int', at: 'int' },
    lists: {
      ofChain: { by: ['tid', 'ep'], order: 'at' },
      ofAccount: { by: ['acct'], order: 'at' },
      oldest: { by: [], order: 'at' },
    },
    mayDrop: true,
  }),
  dues: table<DueRow>()({
    key: ['village', 'acct'],
    columns: { village: 'text', acct: 'text' },
    lists: { ofVillage: { by: ['village'], order: 'acct' } },
    mayDrop: true,
  }),
  items: table<ItemRow>()({
    key: ['sku', 'rev'],
    columns: { sku: 'text', rev: 'int', pts: 'int', name: 'text', reimburseFen: 'int', fromAt: 'int' },
    lists: { revisions: { by: ['sku'], order: 'rev' } },
    appendOnly: true,
  }),
  exceptions: table<ExceptionRow>()({
    key: ['exception'],
    columns: {
      ...{ exception: 'text', kind: 'text', subject: 'text', tid: 'text', openedAt: 'int', dueAt: 'int' },
      ...{ owner: 'text', closedAt: 'int', closedBy: 'text', detailJson: 'text' },
    },
    lists: { ofTerminal: { by: ['tid'], order: 'openedAt' } },
  }),
  visits: table<VisitRow>()({
    key: ['tid', 'ep', 'rid'],
    columns: { ...chainKey, rid: 'text', acct: 'text', reason: 'text', grantedPts: 'int', at: 'int' },
    lists: { ofChain: { by: ['tid', 'ep'], order: 'at' } },
    appendOnly: true,
  }),
  credits: table<CreditRow>()({
    key: ['credit'],
    columns: {
      ...{ credit: 'text', acct: 'text', activity: 'text', reason: 'text', pts: 'int', at: 'int', madeBy: 'text' },
      ...{ approvedBy: 'text', approvedAt: 'int', postsAt: 'int', state: 'text', again: 'int' },
    },
    lists: { ofAccount: { by: ['acct'], order: 'at' }, inState: { by: ['state'], order: 'postsAt' } },
  }),
  lots: table<LotRow>()({
    key: ['lot'],
    columns: { lot: 'text', acct: 'text', pts: 'int', expired: 'int', expiresAt: 'int' },
    lists: { ofAccount: { by: ['acct'], order: 'expiresAt' }, expiring: { by: [], order: 'expiresAt' } },
  }),
  ...PROGRAMME_TABLES,
  loans: table<LoanRow>()({
    key: ['acct'],
    columns: { acct: 'text', owed: 'int' },
    lists: {},
  }),
  stock: table<StockRow>()({
    key: ['tid', 'ep', 'seq', 'sku'],
    columns: {
      ...chainKey,
      ...{ seq: 'int', shop: 'text', kind: 'text', sku: 'text', qty: 'int', at: 'int' },
    },
    lists: { ofShop: { by: ['shop', 'sku'], order: 'at' } },
    appendOnly: true,
  }),
  requests: table<RequestRow>()({
    key: ['number'],
    columns: {
      ...{ number: 'text', kind: 'text', tid: 'text', acct: 'text', code: 'text', units: 'int', ref: 'text' },
      ...{ at: 'int', dueAt: 'int', state: 'text', answer: 'text' },
    },
    lists: { inState: { by: ['kind', 'state'], order: 'at' }, ofAccount: { by: ['acct'], order: 'at' } },
  }),
  operators: table<OperatorRow>()({
    key: ['user'],
    columns: {
      ...{ user: 'text', name: 'text', role: 'text', passwordSalt: 'text', passwordHash: 'text' },
      ...{ totpSealed: 'blob', totpLastStep: 'int' },
    },
    lists: { all: { by: [], order: 'user' } },
  }),
  sessions: table<SessionRow>()({
    key: ['tokenHash'],
    columns: { tokenHash: 'blob', user: 'text', expiresAt: 'int' },
    lists: { expiring: { by: [], order: 'expiresAt' } },
    mayDrop: true,
  }),
  proposals: table<ProposalRow>()({
    key: ['act'],
    columns: {
      ...{ act: 'text', kind: 'text', subject: 'text', detailJson: 'text', maker: 'text', madeAt: 'int' },
      ...{ checker: 'text', decidedAt: 'int', state: 'text' },
    },
    lists: { inState: { by: ['state'], order: 'madeAt' } },
  }),
} as const;

export type TableName = keyof typeof TABLES;
export type RowOf<T extends TableName> = NonNullable<(typeof TABLES)[T]['row']>;
export type KeyOf<T extends TableName> = Pick<RowOf<T>, (typeof TABLES)[T]['key'][number] & keyof RowOf<T>>;
export type ListOf<T extends TableName> = keyof (typeof TABLES)[T]['lists'] & string;
