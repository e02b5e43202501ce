/** The barcode scanner's port: what a driver promises, and what the kiosk may rely on. */

export type ScannerState = 'absent' | 'opening' | 'ready' | 'fault';
export interface ScannerStatus {
  readonly state: ScannerState;
  /**
   * Why, in a code; null while all is well. Of a serial port those of `serial-line.ts`. Of HID: `no-device`;
   * `no-permission`: the system lets us not open it, a udev rule is missing (docs/devices.md); `keyboard-wedge`: it
   * plays a keyboard and must be set to HID-POS; `unplugged`; `cannot-open`; `no-node-hid`: the library does not load.
   */
  readonly reason: string | null;
}

/** `too-long`: more than any code has. `not-text`: bytes that no barcode of goods holds, as noise on the line makes them. */
export type ScanRefusal = 'too-long' | 'not-text';

/** What one pull of the trigger gave, as far as a codec can tell. */
export type Scanned =
  | { readonly ok: true; readonly code: string }
  | { readonly ok: false; readonly reason: ScanRefusal };

/**
 * Each scan is told once: the same code again within 300 ms is the scanner's stutter. `code` is 1 to 64 visible ASCII
 * characters without blanks at its ends.
 */
export type ScannerEvent =
  | { readonly type: 'scan'; readonly code: string }
  | { readonly type: 'scan-refused'; readonly reason: ScanRefusal }
  | { readonly type: 'status'; readonly status: ScannerStatus };

export interface ScannerPort {
  /** Begins to look for the scanner; never throws, all trouble is a status. A second call does nothing. */
  start(): void;
  /** Lets go of the scanner; after it resolves no event comes. Bounded, and safe to call twice. */
  stop(): Promise<void>;
  status(): ScannerStatus;
  /** Called in order, after `status()` has changed; returns how to stop it. */
  onEvent(listener: (event: ScannerEvent) => void): () => void;
}
