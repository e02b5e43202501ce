import type { NoticeCode } from '../../protocol/api/kiosk.ts';
import type { Reason } from '../../protocol/node/status-routes.ts';
import type { PrinterStatus } from '../devices/printer/port.ts';
import { readerTrouble } from '../devices/reader/health.ts';
import type { ReaderStatus } from '../devices/reader/port.ts';
import type { SyncFault, SyncHealth } from '../sync/sync-tally.ts';
import type { DeviceHealth, DeviceName } from './device-watch.ts';

/** What is amiss though the kiosk sells, in words for whoever looks after it: what is so, and what to do. Nothing personal. */

export interface Trouble extends Reason {
  readonly what: DeviceName | 'sync';
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
  ...{
    what: 'printer',
    code: 'printer-paper-near-end',
    says: 'The printer is nearly out of paper. Lay a new roll beside it.',
  },
};

const NAMES: Readonly<Record<DeviceName, string>> = {
  ...{
    reader: 'card reader',
    printer: 'printer',
    scanner: 'scanner',
    'id-reader': 'ID reader',
    display: 'customer display',
  },
};

/** What to do, by a driver's reason; the printer's come first, the rest is of serial lines and of HID. */
export const WHAT_TO_DO: Readonly<Record<string, string>> = {
  'paper-out': 'It is out of paper: put a new roll in.',
  'cover-open': 'Its cover is open: close it.',
  cutter: 'Its knife is stuck: open the cover, take the paper out, switch it off and on.',
  error: 'It reports a fault: switch it off and on; if that does not help it needs a repair.',
  refused: 'It refuses the connection: look at its power and its address in the config file.',
  'no-permission': 'The system lets this user not open it: add the udev rule of docs/devices.md, "Permissions".',
  'keyboard-wedge': 'It plays a keyboard: set it to HID-POS or to COM mode, docs/devices.md, "Barcode scanner".',
  'no-node-hid': 'node-hid does not load: install libudev1 (apt-get install libudev1).',
  'no-device': 'Nothing is plugged in there.',
  held: 'Another program has it: stop that, often ModemManager or a second agent.',
  'cannot-open': 'This is no such device, or it is broken.',
  gone: 'It was unplugged, or lost its power.',
  unplugged: 'It was unplugged, or lost its power.',
  stalled: 'It takes no more: switch it off and on.',
  'no-answer': 'It is plugged in and silent: check its power, and its speed (baudRate) on a serial line.',
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
