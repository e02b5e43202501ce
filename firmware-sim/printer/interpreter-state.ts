import { EMPTY_LINE, type Line } from './line.ts';
import { INITIAL_MODES, type Modes } from './modes.ts';
import { EMPTY_QR, type QrStore } from './picture.ts';
import type { Row } from './row.ts';

/** What a command makes the machine do. Answers that depend on the paper or the cover are filled in by the machine. */
export type Effect =
  | { readonly kind: 'row'; readonly row: Row }
  | { readonly kind: 'cut' }
  | { readonly kind: 'acknowledge'; readonly id: Uint8Array }
  | { readonly kind: 'statusBack'; readonly mask: number }
  | { readonly kind: 'answerStatus'; readonly n: number }
  | { readonly kind: 'answerIdentity'; readonly n: number }
  | { readonly kind: 'unknown'; readonly hex: string }
  | { readonly kind: 'note'; readonly text: string };

export interface InterpreterState {
  readonly modes: Modes;
  readonly line: Line;
  readonly qr: QrStore;
  readonly printableDots: number;
  readonly fourByteFont: boolean;
}

export type Step = { state: InterpreterState; effects: Effect[] };

export function initialInterpreter(printableDots: number, fourByteFont: boolean): InterpreterState {
  return { modes: INITIAL_MODES, line: EMPTY_LINE, qr: EMPTY_QR, printableDots, fourByteFont };
}
