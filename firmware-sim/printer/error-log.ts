import { ERRORS_KEPT_MAX } from './limits.ts';

/** A command the printer does not know: where in the stream since power-on, and on which slip (0-based) it left its box. */
export interface UnknownCommand {
  readonly atByte: number;
  readonly hex: string;
  readonly slip: number;
}

/** What a person should hear of: unknown commands and orders that had no effect. Newest last, the newest kept. */
export class ErrorLog {
  readonly #sentences: string[] = [];
  readonly #unknown: UnknownCommand[] = [];

  note(text: string, atByte: number, slip: number): void {
    push(this.#sentences, `${text} (byte ${atByte}, slip ${slip})`);
  }

  unknown(hex: string, atByte: number, slip: number): void {
    this.note(`unknown command ${hex}`, atByte, slip);
    push(this.#unknown, { atByte, hex, slip });
  }

  sentences(): string[] {
    return [...this.#sentences];
  }

  unknownCommands(): UnknownCommand[] {
    return [...this.#unknown];
  }
}

function push<T>(list: T[], entry: T): void {
  list.push(entry);
  if (list.length > ERRORS_KEPT_MAX) list.shift();
}
