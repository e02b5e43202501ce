import type { KioskView } from '../../protocol/api/kiosk.ts';

/** One made-up view, by the name that the gallery and a finding call it. */
export interface Fixture {
  readonly name: string;
  readonly view: KioskView;
}
