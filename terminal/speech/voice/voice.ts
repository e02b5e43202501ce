import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Language } from '../../../protocol/api/kiosk.ts';
import type { Utterance } from '../speech.ts';
import { espeak, tryEspeak, type Voiced, type VoiceFault } from './espeak.ts';
import { samplesOf, wavOf } from './wav.ts';

/** From words to sound: recorded clips where there are any, else espeak-ng. All offline; what was made is kept in memory. */

export interface VoiceOptions {
  readonly program: string;
  /** Folder of `<language>/<key>.wav`; null: none are recorded. */
  readonly clips: string | null;
  readonly limitMs?: number;
}
export interface Voice {
  say(language: Language, utterances: readonly Utterance[]): Promise<Voiced>;
  /** Why it could not speak when it last tried; the kiosk sells all the same. */
  fault(): VoiceFault | null;
}

const MOST_LETTERS = 2_000;
const MOST_AT_ONCE = 2;
const MOST_KEPT_BYTES = 16 * 1_048_576;
/** A clip of a sentence is far shorter. */
const MOST_CLIP_BYTES = 2 * 1_048_576;

/** For whoever looks after the kiosk. */
export const VOICE_SENTENCES: Readonly<Record<VoiceFault, string>> = {
  absent: 'The kiosk cannot speak: install espeak-ng (apt-get install espeak-ng). All else works.',
  slow: 'The kiosk cannot speak: espeak-ng does not answer. All else works.',
  failed: 'The kiosk cannot speak: espeak-ng fails, or lacks its voices cmn-latn-pinyin and en. All else works.',
  busy: 'The kiosk is speaking already.',
};

export function createVoice({ program, clips, limitMs }: VoiceOptions): Voice {
  const kept = new Map<string, Buffer>();
  let keptBytes = 0;
  let running = 0;
  let fault: VoiceFault | null = null;
  tryEspeak(program, limitMs).then(
    (found) => {
      fault = found;
    },
    () => {
      fault = 'failed'; // no program can be started at all
    },
  );

  async function made(language: Language, text: string): Promise<Voiced> {
    const name = `${language} ${text}`;
    const before = kept.get(name);
    if (before !== undefined) return { ok: true, wav: before };
    if (running >= MOST_AT_ONCE) return { ok: false, fault: 'busy' };
    running += 1;
    const voiced = await espeak(program, language, text, limitMs).finally(() => {
      running -= 1;
    });
    const samples = voiced.ok ? samplesOf(voiced.wav) : null;
    fault = voiced.ok ? (samples === null ? 'failed' : null) : voiced.fault;
    if (samples === null) return { ok: false, fault: fault ?? 'failed' };
    keep(name, samples);
    return { ok: true, wav: samples };
  }

  /** The oldest go first; nothing of it is ever on a disk. */
  function keep(name: string, samples: Buffer): void {
    kept.set(name, samples);
    keptBytes += samples.length;
    for (const [oldest, bytes] of kept) {
      if (keptBytes <= MOST_KEPT_BYTES) return;
      kept.delete(oldest);
      keptBytes -= bytes.length;
    }
  }

  async function clip(language: Language, key: string | null): Promise<Buffer | null> {
    if (clips === null || key === null) return null;
    const wav = await readFile(join(clips, language, `${key}.wav`)).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null; // not every sentence is recorded
      throw error;
    });
    return wav === null || wav.length > MOST_CLIP_BYTES ? null : samplesOf(wav);
  }

  return {
    async say(language, utterances) {
      const pieces: Buffer[] = [];
      let text = '';
      /** Sentences without a clip that follow each other are one run of the program. */
      const spoken = async (): Promise<VoiceFault | null> => {
        if (text === '') return null;
        const voiced = await made(language, text.slice(0, MOST_LETTERS));
        text = '';
        if (voiced.ok) pieces.push(voiced.wav);
        return voiced.ok ? null : voiced.fault;
      };
      for (const utterance of utterances) {
        const recorded = await clip(language, utterance.key);
        if (recorded === null) {
          // Quotes are for the eye; a voice makes pauses of them.
          text += `${utterance.text.replaceAll(/[“”]/g, '')}\n`;
          continue;
        }
        const wrong = await spoken();
        if (wrong !== null) return { ok: false, fault: wrong };
        pieces.push(recorded);
      }
      const wrong = await spoken();
      return wrong === null ? { ok: true, wav: wavOf(pieces) } : { ok: false, fault: wrong };
    },
    fault: () => fault,
  };
}
