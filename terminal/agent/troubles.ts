import type { NoticeCode } from '../../protocol/api/kiosk.ts';
import type { Reason } from '../../protocol/node/status-routes.ts';
import type { PrinterStatus } from '../devices/printer/port.ts';
import { readerTrouble } from '../devices/reader/health.ts';
import type { ReaderStatus } from '../devices/reader/port.ts';
import type { SyncFault, SyncHealth } from '../sync/sync-tally.ts';
import type { DeviceHealth, DeviceName } from './device-watch.ts';
import { WHAT_TO_DO } from './what-to-do.ts';

/** What is amiss though the kiosk sells, in words for whoever looks after it: what is so, and what to do. Nothing personal. */

export interface Trouble extends Reason {
  readonly what: DeviceName | 'sync' | 'voice';
}
export interface TroubleFacts {
  readonly devices: readonly DeviceHealth[];
  readonly reader: ReaderStatus;
  readonly paper: PrinterStatus['paper'];
  readonly sync: SyncHealth;
  readonly unsent: number;
}

export function troublesOf(facts: TroubleFacts): Trouble[] {
  const reader = readerTrouble(facts.reader);
  return [
    ...(reader === null ? [] : [{ what: 'reader' as const, ...reader }]),
    ...facts.devices.flatMap((health) => (health.device === 'reader' ? [] : deviceTrouble(health))),
    ...(facts.paper === 'near-end' ? [NEARLY_OUT] : []),
    ...syncTrouble(facts.sync, facts.unsent),
  ];
}

const NEARLY_OUT: Trouble = {
  what: 'printer',
  code: 'printer-paper-near-end',
  says: 'The printer is nearly out of paper. Lay a new roll beside it.',
};

const NAMES: Readonly<Record<DeviceName, string>> = {
  reader: 'card reader',
  printer: 'printer',
  scanner: 'scanner',
  'id-reader': 'ID reader',
  display: 'customer display',
};

function deviceTrouble({ device, state, reason }: DeviceHealth): Trouble[] {
  if ((state !== 'absent' && state !== 'fault') || reason === null) return [];
  const todo = WHAT_TO_DO[reason] ?? `It says ${reason}: look at its plug and its power.`;
  return [{ what: device, code: `${device}-${reason}`, says: `The ${NAMES[device]} cannot be used. ${todo}` }];
}

const HUB: Readonly<Record<SyncFault, string>> = {
  unreachable: 'The hub cannot be reached: look at the network.',
  refused: 'The hub answers and takes nothing from this kiosk just now: the agent’s log has its words.',
  'not-our-hub':
    'What answers is not the hub this kiosk was enrolled at: look at `hub` in the config file, and call the county.',
  internal: 'Speaking with the hub failed in the kiosk itself: the agent’s log says why.',
};

function syncTrouble({ fault }: SyncHealth, unsent: number): Trouble[] {
  if (fault === null) return [];
  return [
    { what: 'sync', code: `hub-${fault}`, says: `${HUB[fault]} The kiosk goes on alone; ${unsent} records wait.` },
  ];
}

/** The same for the screen, as far as it concerns who stands there. */
export function noticesOf(paper: PrinterStatus, reader: ReaderStatus): NoticeCode[] {
  const found: NoticeCode[] = [];
  if (paper.state === 'absent' || paper.state === 'opening') found.push('printer-absent');
  else if (paper.paper === 'out') found.push('paper-out');
  else if (paper.state === 'fault') found.push('printer-fault');
  else if (paper.paper === 'near-end') found.push('paper-near-end');
  else if (paper.state === 'degraded') found.push('printer-degraded');
  if (reader.state === 'absent' || reader.state === 'fault') found.push('reader-absent');
  return found;
}
