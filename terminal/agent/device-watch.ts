import type { DisplayPort } from '../devices/display/port.ts';
import type { IdReaderPort } from '../devices/id-reader/port.ts';
import type { PrinterPort } from '../devices/printer/port.ts';
import type { ReaderPort } from '../devices/reader/port.ts';
import type { ScannerPort } from '../devices/scanner/port.ts';
import { afterState, type DeviceTally, NO_FAILURE } from '../devices/tally.ts';

/** Every device of this kiosk: how it is, and how it has fared since the agent started. */

const DEVICES = ['reader', 'printer', 'scanner', 'id-reader', 'display'] as const;
export type DeviceName = (typeof DEVICES)[number];
export interface DeviceHealth extends DeviceTally {
  readonly device: DeviceName;
  readonly state: string;
  readonly reason: string | null;
}

interface Ports {
  readonly reader: ReaderPort;
  readonly printer: PrinterPort;
  readonly scanner: ScannerPort;
  readonly idReader: IdReaderPort;
  readonly display: DisplayPort;
}
interface Status {
  readonly state: string;
  readonly reason: string | null;
}
interface Watched {
  status(): Status;
  /** Calls after each change. */
  watch(changed: () => void): void;
}

/** To be made before the devices are started: what they say first counts too. */
export function watchDevices({ reader, printer, scanner, idReader, display }: Ports) {
  const watched: Readonly<Record<DeviceName, Watched>> = {
    reader: byEvents(reader),
    printer: { status: printer.status, watch: (changed) => printer.onStatus(changed) },
    scanner: byEvents(scanner),
    'id-reader': byEvents(idReader),
    display: { status: display.status, watch: (changed) => display.onStatus(changed) },
  };
  const tallies = new Map<DeviceName, DeviceTally>(DEVICES.map((device) => [device, NO_FAILURE]));
  const tallyOf = (device: DeviceName) => tallies.get(device) ?? NO_FAILURE;
  for (const device of DEVICES) {
    const each = watched[device];
    each.watch(() => tallies.set(device, afterState(tallyOf(device), each.status().state)));
  }
  /** Those this kiosk has. */
  return (): readonly DeviceHealth[] =>
    DEVICES.map((device) => {
      const { state, reason } = watched[device].status();
      return { device, state, reason, ...tallyOf(device) };
    }).filter(({ reason }) => reason !== 'not-configured');
}

interface Telling {
  status(): Status;
  onEvent(listener: (event: { readonly type: string }) => void): () => void;
}
function byEvents(device: Telling): Watched {
  return {
    status: () => device.status(),
    watch: (changed) => void device.onEvent((event) => event.type === 'status' && changed()),
  };
}
