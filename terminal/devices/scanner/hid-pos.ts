import type { Scanned } from './port.ts';
import { MAX_CODE_CHARS, scanText } from './scan-text.ts';

/**
 * A scanner in HID-POS mode. Source: USB HID Point of Sale Usage Tables 1.02, bar code scanner page (8C), "scanned data
 * report", in the layout that scanners use which are sold for it: 64 bytes,
 *
 *     0       report id 02
 *     1       how many bytes of data this report holds
 *     2..4    AIM symbology identifier (ISO/IEC 15424), such as `]E0`; which symbology it is does not matter here
 *     5..60   data
 *     61, 62  the vendor's own symbology code
 *     63      decode data continued: not 0 where the next report goes on with the same scan
 */
const SCANNED_DATA_REPORT = 0x02;
const LENGTH_AT = 1;
const DATA_AT = 5;
const DATA_BYTES = 56;
const CONTINUED_AT = 63;
/** Bar code scanner page, and on it the collections that scan: badge reader, scanner, dumb scanner. */
export const USAGE_PAGE = 0x8c;
export const SCANNING_USAGES: readonly number[] = [0x01, 0x02, 0x03];

/** What is there of a scan that goes over several reports; longer than any code once `tooLong`. */
export interface HidState {
  readonly held: Uint8Array;
  readonly tooLong: boolean;
}
export const NO_REPORT: HidState = { held: new Uint8Array(0), tooLong: false };

/** One input report as hidraw gives it, its id first. A report that is none of ours changes nothing. */
export function takeReport(state: HidState, report: Uint8Array): { state: HidState; scan: Scanned | null } {
  if (report[0] !== SCANNED_DATA_REPORT || report.length <= DATA_AT) return { state, scan: null };
  const claimed = Math.min(report[LENGTH_AT] ?? 0, DATA_BYTES, report.length - DATA_AT);
  const data = report.subarray(DATA_AT, DATA_AT + claimed);
  const tooLong = state.tooLong || state.held.length + data.length > MAX_CODE_CHARS;
  const held = tooLong ? NO_REPORT.held : Uint8Array.of(...state.held, ...data);
  if ((report[CONTINUED_AT] ?? 0) !== 0) return { state: { held, tooLong }, scan: null };
  return { state: NO_REPORT, scan: tooLong ? { ok: false, reason: 'too-long' } : scanText(held) };
}
