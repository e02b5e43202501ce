import type {
  BalanceRow,
  Check,
  HomeView,
  Me,
  RecordEvidence,
  RecordRow,
  Refusal,
  TerminalRow,
} from '../../protocol/api/console.ts';

/** A made-up hub for the tests of the console's page: answers as the contract says, forgets at the end. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly search: URLSearchParams;
  readonly body: unknown;
}
export interface Answered {
  readonly status: number;
  readonly body: unknown;
}
export interface MadeUpHub {
  /** Everything that was asked, in order. */
  readonly asked: Asked[];
  answer(asked: Asked): Answered;
  /** Ends the session: the next call is refused with 401. */
  expire(): void;
}

const NOW = Date.UTC(2026, 10, 23, 9, 44, 5);
const me: Me = {
  user: 'li.operator',
  name: '李敏',
  role: 'operator',
  county: { id: 'v1', name: '青禾县', nameEn: 'Qinghe County' },
};
const terminal: TerminalRow = {
  tid: 'v1-k1',
  ep: 1,
  shop: 's1',
  shopName: '柳溪村积分超市',
  villageName: '柳溪村',
  state: 'open',
  fingerprint: '7K3M-9PQR-2WXA-C4DE',
  issuedBy: 'zhao.operator',
  lastSyncAt: NOW - 42_000,
  storedSeq: 214,
  judgedSeq: 214,
  openPts: 18_400,
  health: {
    ...{ sw: '0.1.0', paper: 'ok', reader: 'ready', idReader: 'absent', unsent: 0, diskFull: false },
    ...{ printsUnknown: 0, clockOffMs: -95_000 },
  },
};
const terminals: readonly TerminalRow[] = [
  terminal,
  {
    ...terminal,
    tid: 'v2-k1',
    shop: 's2',
    shopName: '石桥村积分超市',
    villageName: '石桥村',
    lastSyncAt: NOW - 3_900_000,
    storedSeq: 88,
    judgedSeq: 85,
    openPts: 9_310,
    health: { version: '0.1.0', paper: 'near-end', reader: 'ready', unsent: 3 },
  },
  {
    ...terminal,
    tid: 'v3-k1',
    shop: 's3',
    shopName: '桃源村积分超市',
    villageName: '桃源村',
    state: 'awaiting-confirmation',
    lastSyncAt: null,
    storedSeq: 0,
    judgedSeq: 0,
    openPts: 0,
    health: null,
    issuedBy: 'li.operator',
  },
  {
    ...terminal,
    tid: 'v4-k1',
    shop: 's4',
    shopName: '白马镇便民店',
    villageName: '白马村',
    state: 'frozen',
    lastSyncAt: NOW - 260_000_000,
    storedSeq: 41,
    judgedSeq: 40,
    openPts: 2_200,
    health: { version: '0.1.0', paper: 'out', reader: 'fault', unsent: 12, onStickMs: 5.4 * 86_400_000 },
  },
  {
    ...terminal,
    tid: 'v5-k1',
    shop: 's5',
    shopName: '南坡村积分超市',
    villageName: '南坡村',
    state: 'awaiting-device',
    fingerprint: null,
    lastSyncAt: null,
    storedSeq: 0,
    judgedSeq: 0,
    openPts: 0,
    health: null,
    issuedBy: 'zhao.operator',
  },
];

const STAGES = ['matched', 'matched', 'closed', 'received', 'quarantined', 'matched', 'gap', 'settled'] as const;
const PEOPLE = ['陈桂芳', '刘建国', '王秀英', '𠮷㙓䶮', '欧阳海棠'] as const;
const records: readonly RecordRow[] = Array.from({ length: 34 }, (_, i) => {
  const seq = 34 - i;
  const type = seq === 1 ? 'open' : seq % 11 === 0 ? 'void' : seq % 9 === 0 ? 'stock' : 'redeem';
  const tid = seq % 4 === 0 ? 'v2-k1' : 'v1-k1';
  return {
    number: `${tid}.1.${seq}`,
    tid,
    ep: 1,
    seq,
    hash: `h${seq}-Qm9yZXMgYW5kIHN0aWNrcw`,
    type,
    at: NOW - i * 1_260_000,
    receivedAt: NOW - i * 1_260_000 + 2_000,
    acct: type === 'redeem' || type === 'void' ? `a${1000 + (seq % 5)}` : null,
    residentName: type === 'redeem' || type === 'void' ? (PEOPLE[seq % 5] ?? null) : null,
    pts: type === 'redeem' || type === 'void' ? 20 + seq * 5 : null,
    stage: STAGES[i % STAGES.length] ?? 'matched',
    flags: seq % 13 === 0 ? ['late', 'price'] : seq % 7 === 0 ? ['limit'] : [],
  };
});
const junk: RecordRow = {
  number: null,
  tid: 'v2-k1',
  ep: 1,
  seq: null,
  hash: 'Zm9yZ2VkLWJ5dGVzLXdpdGgtbm8ta2V5',
  type: 'junk',
  at: null,
  receivedAt: NOW - 500_000,
  acct: null,
  residentName: null,
  pts: null,
  stage: 'junk',
  flags: [],
};

const CHECKS: readonly Check[] = [
  { name: 'signature', ok: true, says: 'Ed25519 signature by the key enrolled for v1-k1.1 holds.' },
  { name: 'chain', ok: true, says: 'It names the hash of the record before it, and that record is here.' },
  { name: 'counters', ok: true, says: 'Spent, voided and returned continue from the record before.' },
  { name: 'price', ok: true, says: 'The lines add up to 170 points; 170 were taken.' },
  { name: 'allowance', ok: true, says: 'What this kiosk was granted covers it.' },
  { name: 'transfers', ok: true, says: '1 ledger transfer(s) move 170 points for it.' },
];

function evidence(row: RecordRow): RecordEvidence {
  const bad = row.stage === 'quarantined';
  const pts = row.pts ?? 0;
  const around = (by: number) => records.find((other) => other.seq === (row.seq ?? 0) + by)?.number ?? null;
  return {
    row,
    jws: `eyJhbGciOiJFZDI1NTE5Iiwia2lkIjoidjEtazEuMSIsInR5cCI6InRhbGx5LXJlY29yZCJ9.${'eyJ2IjoxLCJ0eXBlIjoicmVkZWVtIiwidGlkIjoidjEtazEi'.repeat(6)}.${'c2lnbmF0dXJlLWJ5dGVz'.repeat(4)}`,
    header: { alg: 'Ed25519', kid: `${row.tid}.${row.ep}`, typ: 'tally-record' },
    payload: {
      v: 1,
      type: row.type,
      tid: row.tid,
      ep: row.ep,
      seq: row.seq,
      prev: 'Qm9yZXMgYW5kIHN0aWNrcw',
      at: row.at,
      acct: row.acct,
      lines: [{ sku: 'oil', rev: 2, qty: 1, pts: 120 }],
      pts,
    },
    checkCode: '7K3M-9PQR-2WXA',
    checks: CHECKS.map((check) =>
      bad && check.name === 'price'
        ? { ...check, ok: false, says: 'The lines add up to 170 points; 150 were taken.' }
        : check,
    ),
    code: bad ? 'wrong-price' : null,
    says: bad ? 'A line differs from the published catalogue.' : null,
    previous: around(-1),
    following: around(1),
    allowance:
      pts === 0
        ? null
        : {
            before: { G: 3_000, S: 600, V: 0, R: 0, spendable: 2_400 },
            after: { G: 3_000, S: 600 + pts, V: 0, R: 0, spendable: 2_400 - pts },
          },
    transfers:
      pts === 0 || row.stage === 'received' || row.stage === 'gap'
        ? []
        : [
            {
              id: `redeem:${row.number}`,
              at: row.receivedAt,
              debit: `allowance:${row.acct}:${row.tid}:1`,
              credit: bad ? `suspense:${row.tid}:1:${row.seq}` : 'shop:s1',
              amount: pts,
              kind: bad ? 'hold' : 'redeem',
              ref: row.number ?? '',
            },
          ],
    lines:
      pts === 0
        ? []
        : [
            { sku: 'oil-5l', name: '食用油 5 升', qty: 1, pts: 120 },
            { sku: 'towel', name: '毛巾', qty: 1, pts: Math.max(1, pts - 120) },
          ],
  };
}

const balances: readonly BalanceRow[] = PEOPLE.map((name, i) => ({
  acct: `a${1000 + i}`,
  name,
  village: i === 4 ? '石桥村' : '柳溪村',
  last4: i === 0 ? ['4471', '9023'] : [`70${10 + i}`],
  blocked: i === 2,
  accountPts: 1_200 * i,
  pendingPts: i === 1 ? 150 : 0,
  allowancePts: 2_400 - 300 * i,
  suspensePts: i === 3 ? 185 : 0,
}));

const home: HomeView = {
  asOf: NOW,
  issuedPts: 128_400,
  redeemedPts: 31_210,
  leasedPts: 41_930,
  freePts: 54_500,
  ledgerSumPts: 0,
  terminals: { 'awaiting-device': 1, 'awaiting-confirmation': 1, open: 2, frozen: 1, ended: 0, revoked: 0 },
  records: { received: 4, gap: 4, matched: 14, quarantined: 4, closed: 4, settled: 4, junk: 1 },
};

const refused = (status: number, code: string, error: string, whatToDo: string): Answered => ({
  status,
  body: { code, error, whatToDo } satisfies Refusal,
});

export function madeUpHub(options: { readonly signedIn: boolean; readonly bare?: boolean }): MadeUpHub {
  let { signedIn } = options;
  const asked: Asked[] = [];

  function listed(search: URLSearchParams): Answered {
    if (options.bare === true) return { status: 200, body: { rows: [], next: null } };
    const is = (name: string, value: string) => (search.get(name) ?? '') === '' || search.get(name) === value;
    const q = search.get('q') ?? '';
    const rows = [...records, junk].filter(
      (row) =>
        is('tid', row.tid) &&
        is('stage', row.stage) &&
        (q === '' || `${row.number}${row.acct}${row.residentName}`.includes(q)),
    );
    const from = Number(search.get('cursor') ?? 0);
    return {
      status: 200,
      body: { rows: rows.slice(from, from + 20), next: from + 20 < rows.length ? String(from + 20) : null },
    };
  }

  function one(number: string): Answered {
    const row = records.find((record) => record.number === number);
    if (row === undefined) return refused(404, 'no-record', 'There is no such record here.', 'Check the number.');
    const branches =
      row.seq === 20 ? [evidence(row), { ...evidence(row), checkCode: 'ZZ4T-0000-FORK' }] : [evidence(row)];
    return { status: 200, body: { rows: branches } };
  }

  function answer({ method, path, search, body }: Asked): Answered {
    if (path === 'session' && method === 'POST') return enter(body);
    if (path === 'session') signedIn = false;
    if (!signedIn) return refused(401, 'signed-out', 'You are signed out.', 'Sign in again.');
    if (path === 'me') return { status: 200, body: me };
    if (path === 'home') return { status: 200, body: options.bare === true ? bareHome : home };
    if (path === 'terminals' && method === 'POST')
      return { status: 200, body: { tid: 'v6-k1', code: 'HJ4K-7WQ2', expiresAt: NOW + 900_000 } };
    if (path === 'terminals') return { status: 200, body: { rows: options.bare === true ? [] : terminals } };
    if (path.endsWith('/confirm'))
      return refused(
        409,
        'same-person',
        'You issued this code, so somebody else must confirm it.',
        'Ask another operator.',
      );
    if (path === 'shops')
      return { status: 200, body: { rows: [{ shop: 's6', name: '青石村积分超市', village: '青石村' }] } };
    if (path === 'records') return listed(search);
    if (path.startsWith('records/')) return one(decodeURIComponent(path.slice('records/'.length)));
    const q = search.get('q') ?? '';
    const rows = balances.filter((row) => `${row.acct}${row.name}${row.last4.join(' ')}`.includes(q));
    return { status: 200, body: { rows: options.bare === true ? [] : rows, next: null } };
  }

  function enter(body: unknown): Answered {
    const right = typeof body === 'object' && body !== null && 'password' in body && body.password === 'tall-river';
    if (!right) return refused(401, 'wrong-password', 'The user or the password is wrong.', 'Try again.');
    signedIn = true;
    return { status: 200, body: me };
  }

  return {
    asked,
    answer: (question) => {
      asked.push(question);
      return answer(question);
    },
    expire: () => {
      signedIn = false;
    },
  };
}

const bareHome: HomeView = {
  ...home,
  issuedPts: 0,
  redeemedPts: 0,
  leasedPts: 0,
  freePts: 0,
  terminals: { 'awaiting-device': 0, 'awaiting-confirmation': 0, open: 0, frozen: 0, ended: 0, revoked: 0 },
  records: { received: 0, gap: 0, matched: 0, quarantined: 0, closed: 0, settled: 0, junk: 0 },
};
