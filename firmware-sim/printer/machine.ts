import { Acknowledger } from './acknowledger.ts';
import { ErrorLog } from './error-log.ts';
import type { FaultBoard } from './faults.ts';
import { type Command, frame, INITIAL_FRAMING } from './framing.ts';
import { hold, NOTHING_HELD, take } from './held-bytes.ts';
import { interpret } from './interpreter.ts';
import { type Effect, initialInterpreter } from './interpreter-state.ts';
import { RECEIVE_BUFFER_BYTES_MAX } from './limits.ts';
import type { PrinterLack, PrinterOptions } from './options.ts';
import { Paper } from './paper.ts';
import { type RealtimeRequest, type RealtimeState, watchRealtime } from './realtime.ts';
import {
  automaticStatus,
  type Condition,
  identity,
  isOffline,
  queuedStatusByte,
  realtimeStatusByte,
  watchedStatus,
} from './status.ts';

/** The machine's side of the wire. */
export interface MachineWire {
  /** To whoever is connected; lost when nobody is. */
  send(bytes: Uint8Array): void;
  /** Something worth showing has changed. */
  changed(): void;
}

/** Bytes decoded in one go: when the paper runs out, no more than these wait already decoded. */
const SLICE_BYTES = 1_024;
const NOTICE_HEIGHT_DOTS = 40;

/** The printer behind its socket: receive buffer, decoder, sensors, paper. It knows nothing of connections. */
export class PrinterMachine {
  readonly paper = new Paper();
  readonly errors = new ErrorLog();
  readonly #faults: FaultBoard;
  readonly #wire: MachineWire;
  readonly #acknowledger: Acknowledger;
  readonly #options: PrinterOptions;
  #realtime: RealtimeState = 'text';
  #framing = INITIAL_FRAMING;
  #interpreter;
  #received = NOTHING_HELD;
  #working = false;
  #commands: Command[] = [];
  #statusMask = 0;
  #toldStatus = '';
  #linesBeforeOut = 0;
  #cutterJammed = false;

  constructor(options: PrinterOptions, faults: FaultBoard, wire: MachineWire) {
    this.#options = options;
    this.#faults = faults;
    this.#wire = wire;
    this.#acknowledger = new Acknowledger(faults, (bytes) => wire.send(bytes));
    this.#interpreter = initialInterpreter(options.widthDots ?? 576, options.fourByteFont ?? false);
  }

  /** False while the receive buffer is full: the socket must then be left unread. */
  get hasRoom(): boolean {
    return this.#received.length < RECEIVE_BUFFER_BYTES_MAX;
  }

  get condition(): Condition {
    const out = this.#faults.has('paper-out') && this.#linesBeforeOut === 0;
    const jammed = this.#faults.has('cutter-error') && this.#cutterJammed;
    return {
      paper: out ? 'out' : this.#faults.has('paper-near-end') ? 'near-end' : 'ok',
      cover: this.#faults.has('cover-open') ? 'open' : 'closed',
      cutter: jammed ? 'error' : 'ok',
    };
  }

  /** Takes bytes off the wire: questions in real time are answered first, the rest is printed as far as the printer can. */
  receive(bytes: Uint8Array): void {
    const { state, effects } = watchRealtime(this.#realtime, bytes);
    this.#realtime = state;
    for (const request of effects) this.#answerNow(request);
    this.#received = hold(this.#received, Uint8Array.from(bytes));
    this.#work();
  }

  /** A fault was set or cleared. */
  faultChanged(name: string): void {
    if (name === 'paper-out') this.#linesBeforeOut = this.#faults.number('paper-out', 'afterLines');
    if (name === 'cutter-error') this.#cutterJammed = this.#faults.number('cutter-error', 'atNextCut') === 0;
    if (this.#faults.has('power-off')) {
      this.powerOff();
      return;
    }
    this.#conditionChanged();
    this.#work();
  }

  /** Everything in memory is gone; what is on paper stays there, a half-filled line is not. */
  powerOff(): void {
    this.#realtime = 'text';
    this.#framing = INITIAL_FRAMING;
    this.#interpreter = initialInterpreter(this.#options.widthDots ?? 576, this.#options.fourByteFont ?? false);
    this.#received = NOTHING_HELD;
    this.#commands = [];
    this.#statusMask = 0;
    this.#acknowledger.forget();
  }

  #work(): void {
    // A listener that sets a fault comes back here: the loop already running goes on from where it is.
    if (this.#working) return;
    this.#working = true;
    while (!isOffline(this.condition) && !this.#faults.has('power-off')) {
      const command = this.#commands.shift();
      if (command) this.#execute(command);
      else if (!this.#decodeSlice()) break;
    }
    this.#working = false;
  }

  #decodeSlice(): boolean {
    const { taken: slice, left } = take(this.#received, SLICE_BYTES);
    if (slice.length === 0) return false;
    this.#received = left;
    const { state, effects } = frame(this.#framing, slice);
    this.#framing = state;
    this.#commands = effects;
    return true;
  }

  #execute(command: Command): void {
    // A jammed knife is noticed when it should move: the cut stays in the queue until the fault is cleared.
    if (isCut(command) && this.#faults.has('cutter-error')) {
      this.#commands.unshift(command);
      this.#cutterJammed = true;
      this.#conditionChanged();
      return;
    }
    const { state, effects } = interpret(this.#interpreter, command);
    this.#interpreter = state;
    for (const effect of effects) this.#carryOut(effect, command.atByte);
  }

  #carryOut(effect: Effect, atByte: number): void {
    switch (effect.kind) {
      case 'row':
        this.paper.print(effect.row);
        if (effect.row.kind === 'line') this.#lineUsed();
        this.#wire.changed();
        return;
      case 'cut':
        this.paper.cut();
        this.#wire.changed();
        return;
      case 'acknowledge':
        if (!this.#lacks('process-id')) this.#acknowledger.printed(effect.id);
        return;
      case 'statusBack':
        if (!this.#lacks('automatic-status')) this.#watchStatus(effect.mask);
        return;
      case 'answerStatus':
        if (!this.#lacks('ordered-status'))
          this.#answer(queuedStatusByte(effect.n, this.condition), `GS r ${effect.n}`);
        return;
      case 'answerIdentity':
        this.#answer(identity(effect.n), `GS I ${effect.n}`);
        return;
      case 'note':
        this.errors.note(effect.text, atByte, this.paper.cutCount);
        this.#wire.changed();
        return;
      case 'unknown':
        this.errors.unknown(effect.hex, atByte, this.paper.cutCount);
        this.paper.print({ kind: 'notice', text: `?? ${effect.hex}`, heightDots: NOTICE_HEIGHT_DOTS });
        this.#wire.changed();
        return;
    }
  }

  #lineUsed(): void {
    if (!this.#faults.has('paper-out') || this.#linesBeforeOut === 0) return;
    this.#linesBeforeOut--;
    if (this.#linesBeforeOut === 0) this.#conditionChanged();
  }

  #lacks(what: PrinterLack): boolean {
    return this.#options.lacks?.includes(what) ?? false;
  }

  #answerNow(request: RealtimeRequest): void {
    if (request.kind === 'status') {
      if (!this.#lacks('realtime-status'))
        this.#answer(realtimeStatusByte(request.n, this.condition), `DLE EOT ${request.n}`);
      return;
    }
    // A host that sends these by itself hides faults from people; they do nothing here and are remembered.
    this.errors.note(`${request.name} ${request.n} was sent`, this.#framing.atByte, this.paper.cutCount);
  }

  #answer(said: Uint8Array | number | undefined, question: string): void {
    if (said === undefined) {
      this.errors.note(`no answer to ${question}`, this.#framing.atByte, this.paper.cutCount);
      return;
    }
    this.#wire.send(typeof said === 'number' ? Uint8Array.of(said) : said);
  }

  #watchStatus(mask: number): void {
    this.#statusMask = mask;
    this.#toldStatus = watchedStatus(mask, this.condition);
    if (mask !== 0) this.#wire.send(automaticStatus(this.condition));
  }

  #conditionChanged(): void {
    const status = watchedStatus(this.#statusMask, this.condition);
    if (this.#statusMask !== 0 && status !== this.#toldStatus) this.#wire.send(automaticStatus(this.condition));
    this.#toldStatus = status;
    this.#wire.changed();
  }
}

function isCut(command: Command): boolean {
  return command.kind === 'command' && ['GS V', 'ESC i', 'ESC m'].includes(command.name);
}
