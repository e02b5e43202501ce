import type { TemplateResult } from 'lit';
import type { Act, KioskView } from '../../protocol/api/kiosk.ts';
import type { Speech } from './words.ts';

/** What a screen is drawn from. A screen keeps nothing of its own. */
export interface Scene extends Speech {
  readonly view: KioskView;
  /** Sends one act; `button` names the touched control, which then rests. */
  readonly act: (button: string, act: Act) => void;
  /** Whether the screen is being read out; a touch begins or ends it. */
  readonly speaking: boolean;
  readonly listen: () => void;
  readonly rests: (button: string) => boolean;
  /** The part of a long list that a clerk looks at; not worth a round trip. */
  readonly page: number;
  readonly turnTo: (page: number) => void;
}

export type DrawScreen = (scene: Scene) => TemplateResult;
