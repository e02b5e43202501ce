import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import type { Device, HIDAsync } from 'node-hid';
import { backoffMs } from '../serial/line-backoff.ts';
import { NO_REPORT, SCANNING_USAGES, takeReport, USAGE_PAGE } from './hid-pos.ts';
import type { ScannerPort } from './port.ts';
import { scannerEvents } from './scanner-events.ts';

export interface HidScannerOptions {
  /** Which one, where several are plugged in; all may be left out. */
  readonly vendorId?: number;
  readonly productId?: number;
  /** Such as `/dev/hidraw0`. */
  readonly path?: string;
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
  readonly random?: () => number;
}
type NodeHid = typeof import('node-hid');
type Found = { readonly path: string } | { readonly reason: 'no-device' | 'keyboard-wedge' };

/** A scanner in HID-POS mode, by node-hid. It is looked for again and again, and opened when it is there. */
export function hidScanner(options: HidScannerOptions): ScannerPort {
  const { nowMs, random = Math.random } = options;
  const events = scannerEvents(nowMs);
  let device: HIDAsync | null = null;
  let stopped = true;
  let failures = 0;
  let timer: NodeJS.Timeout | undefined;

  function retry(state: 'absent' | 'fault', reason: string): void {
    if (stopped) return;
    events.become({ state, reason });
    timer = setTimeout(() => void open(), backoffMs(failures, random()));
    failures += 1;
  }

  async function open(): Promise<void> {
    if (events.status().reason === null) events.become({ state: 'opening', reason: null });
    // Its native part may not load, where libudev is missing: the kiosk goes on without a scanner, and says why.
    const hid: NodeHid | null = await import('node-hid').then((loaded) => loaded.default).catch(() => null);
    const devices = hid === null ? null : await hid.devicesAsync().catch(() => null);
    if (stopped) return;
    if (hid === null || devices === null) return retry('fault', 'no-node-hid');
    const found = choose(devices, options);
    if ('reason' in found) return retry(found.reason === 'no-device' ? 'absent' : 'fault', found.reason);
    if (await forbidden(found.path)) return retry('fault', 'no-permission');
    const opened = await hid.HIDAsync.open(found.path).catch(() => null); // unplugged meanwhile, or its kernel's refusal
    if (opened === null) return retry('fault', 'cannot-open');
    if (stopped) return void opened.close();
    read(opened);
  }

  function read(opened: HIDAsync): void {
    let reports = NO_REPORT;
    device = opened;
    failures = 0;
    opened.on('data', (report: Uint8Array) => {
      const taken = takeReport(reports, report);
      reports = taken.state;
      const { scan } = taken;
      // Not here: node-hid would take a mistake of ours for an error of the device.
      if (scan !== null) setImmediate(() => device === opened && events.scanned(scan));
    });
    // What a pulled plug looks like. Half a scan that was held goes with `reports`.
    opened.on('error', () => {
      if (device !== opened) return;
      device = null;
      void closed(opened);
      retry('absent', 'unplugged');
    });
    events.become({ state: 'ready', reason: null });
  }

  return {
    start() {
      if (!stopped) return;
      stopped = false;
      void open();
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      const closing = device;
      device = null;
      if (closing !== null) await closed(closing);
      events.become({ state: 'absent', reason: null });
    },
    status: events.status,
    onEvent: events.onEvent,
  };
}

/** A device that is gone refuses to be closed: it is closed all the same. */
async function closed(device: HIDAsync): Promise<void> {
  await device.close().catch(() => undefined);
}

/** The scanner meant, by its scanning collection; or why there is none. */
export function choose(
  devices: readonly Device[],
  wanted: Pick<HidScannerOptions, 'vendorId' | 'productId' | 'path'>,
): Found {
  const named = wanted.path !== undefined || wanted.vendorId !== undefined;
  const meant = devices.filter(
    (each) =>
      (wanted.path === undefined || each.path === wanted.path) &&
      (wanted.vendorId === undefined || each.vendorId === wanted.vendorId) &&
      (wanted.productId === undefined || each.productId === wanted.productId),
  );
  const scanner = meant.find((each) => each.usagePage === USAGE_PAGE && SCANNING_USAGES.includes(each.usage ?? 0));
  if (scanner?.path !== undefined) return { path: scanner.path };
  // The very unit that is named is there, and plays a keyboard or something else that cannot be read as a scanner.
  return { reason: named && meant.length > 0 ? 'keyboard-wedge' : 'no-device' };
}

async function forbidden(path: string): Promise<boolean> {
  try {
    await access(path, constants.R_OK | constants.W_OK);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EACCES';
  }
}
