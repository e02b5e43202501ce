import type { ActivityRow, BlockRow, NoteRow, PinRow, ShelfRow, UseRow, WarningRow } from './rows-programme.ts';
import { table } from './table-shape.ts';

/** Tables of the programme's daily work. See tables.ts. */
export const PROGRAMME_TABLES = {
  blocks: table<BlockRow>()({
    key: ['card'],
    columns: {
      ...{ card: 'int', acct: 'text', at: 'int', blockedBy: 'text', reason: 'text' },
      ...{ replacedBy: 'int', replacedAt: 'int' },
    },
    lists: { all: { by: [], order: 'at' }, ofAccount: { by: ['acct'], order: 'at' } },
  }),
  pins: table<PinRow>()({
    key: ['tid', 'pin'],
    columns: {
      ...{ tid: 'text', pin: 'text', card: 'int', at: 'int', setBy: 'text', takenAt: 'int', outcome: 'text' },
    },
    lists: { ofCard: { by: ['card'], order: 'at' } },
    appendOnly: true,
  }),
  activities: table<ActivityRow>()({
    key: ['activity'],
    columns: { activity: 'text', name: 'text', unit: 'text', pts: 'int', state: 'text' },
    lists: { all: { by: [], order: 'activity' } },
  }),
  warnings: table<WarningRow>()({
    key: ['lot'],
    columns: { lot: 'text', acct: 'text', at: 'int' },
    lists: {},
    appendOnly: true,
  }),
  notes: table<NoteRow>()({
    key: ['note'],
    columns: { note: 'text', exception: 'text', at: 'int', notedBy: 'text', text: 'text' },
    lists: { ofException: { by: ['exception'], order: 'at' } },
    appendOnly: true,
  }),
  uses: table<UseRow>()({
    key: ['tid', 'ep', 'seq', 'sku'],
    columns: { tid: 'text', ep: 'int', seq: 'int', sku: 'text', acct: 'text', qty: 'int', at: 'int' },
    lists: { ofAccount: { by: ['acct'], order: 'at' } },
    appendOnly: true,
  }),
  shelves: table<ShelfRow>()({
    key: ['shop', 'sku'],
    columns: {
      ...{ shop: 'text', sku: 'text', qty: 'int', countedAt: 'int', countedIn: 'text', difference: 'int' },
    },
    lists: { ofShop: { by: ['shop'], order: 'sku' } },
  }),
} as const;
