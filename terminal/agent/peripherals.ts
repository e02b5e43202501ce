import type { KioskView } from '../../protocol/api/kiosk.ts';
import type { RigState } from '../../protocol/api/rig.ts';
import type { DisplayPort } from '../devices/display/port.ts';
import type { IdReaderEvent, IdReaderPort } from '../devices/id-reader/port.ts';
import type { ScannerEvent, ScannerPort } from '../devices/scanner/port.ts';
import type { Holder } from '../redemption/state.ts';
import { displayLines } from './display-lines.ts';
import { WHAT_TO_DO } from './what-to-do.ts';

/** Scanner, ID reader and customer display, joined to the session. A kiosk sells without any of them. */

export interface Peripherals {
  readonly scanner: ScannerPort;
  readonly idReader: IdReaderPort;
  readonly display: DisplayPort;
}

interface PeripheralsDeps extends Peripherals {
  /** Who is it: the same way as a card that is tapped. */
  readonly tapped: (uid: string, kind: string) => Holder;
  readonly kiosk: {
    view(): KioskView;
    onView(listener: (view: KioskView) => void): () => void;
    publish(): void;
    card(holder: Holder): void;
    cardRefused(code: 'card-torn'): void;
    scanned(code: string | null): void;
  };
  readonly log: (says: string) => void;
}

export function joinPeripherals(deps: PeripheralsDeps) {
  const { scanner, idReader, display, kiosk } = deps;
  let lying: string | null = null;

  function changed(device: string, { state, reason }: { state: string; reason: string | null }): void {
    const todo = reason === null ? '' : ` (${reason}). ${WHAT_TO_DO[reason] ?? ''}`;
    deps.log(`${device}: ${state}${todo}`);
  }

  function onScanner(event: ScannerEvent): void {
    if (event.type === 'status') changed('scanner', event.status);
    else kiosk.scanned(event.type === 'scan' ? event.code : null);
  }

  function onIdReader(event: IdReaderEvent): void {
    switch (event.type) {
      case 'status':
        changed('ID reader', event.status);
        return kiosk.publish();
      case 'card':
        lying = event.presenceId;
        return kiosk.card(deps.tapped(event.card.uid, event.card.kind));
      case 'card-refused':
        return kiosk.cardRefused('card-torn');
      case 'removed':
        if (lying === event.presenceId) lying = null;
    }
  }

  return {
    start(): void {
      scanner.onEvent(onScanner);
      idReader.onEvent(onIdReader);
      kiosk.onView((view) => display.show(displayLines(view)));
      display.show(displayLines(kiosk.view()));
      for (const device of [scanner, idReader, display]) device.start();
    },
    async stop(): Promise<void> {
      await Promise.all([scanner.stop(), idReader.stop(), display.stop()]);
    },
    /** Those this kiosk has. */
    health: (): Readonly<Record<string, string>> =>
      Object.fromEntries(
        Object.entries({ scanner, idReader, display })
          .map(([name, device]) => [name, device.status()] as const)
          .filter(([, { reason }]) => reason !== 'not-configured')
          .map(([name, { state }]) => [name, state]),
      ),
    states: (): Pick<RigState, 'scanner' | 'idReader' | 'display'> => ({
      scanner: scanner.status(),
      idReader: { ...idReader.status(), card: lying },
      display: display.status(),
    }),
  };
}
