import { spawn } from 'node:child_process';
import type { Language } from '../../../protocol/api/kiosk.ts';

/** espeak-ng as a child without a shell: text on its stdin, WAV from its stdout, ended when it takes too long. */

export type VoiceFault = 'absent' | 'slow' | 'failed' | 'busy';
export type Voiced = { readonly ok: true; readonly wav: Buffer } | { readonly ok: false; readonly fault: VoiceFault };

/** It takes some 20 ms for a screen. */
export const VOICE_MS = 3_000;
/** Three minutes. */
export const MOST_WAV_BYTES = 8 * 1_048_576;
/**
 * Version 1.51, which Debian 12 has, reads each character's pinyin as English letters with the voice `cmn` (its issue 1236);
 * with `cmn-latn-pinyin` it speaks Mandarin.
 */
export const VOICES: Readonly<Record<Language, string>> = { 'zh-CN': 'cmn-latn-pinyin', en: 'en' };
/** Words a minute: slower than its own 175, for ears past 70. */
const PACES: Readonly<Record<Language, string>> = { 'zh-CN': '165', en: '150' };

export function espeak(program: string, language: Language, text: string, limitMs = VOICE_MS): Promise<Voiced> {
  return run(program, ['-v', VOICES[language], '-s', PACES[language], '-b', '1', '--stdin', '--stdout'], text, limitMs);
}

/** Whether the program is there and has both voices. */
export async function tryEspeak(program: string, limitMs = VOICE_MS): Promise<VoiceFault | null> {
  for (const language of ['zh-CN', 'en'] as const) {
    const voiced = await espeak(program, language, '1', limitMs);
    if (!voiced.ok) return voiced.fault;
  }
  return null;
}

function run(program: string, args: readonly string[], text: string, limitMs: number): Promise<Voiced> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'ignore'], shell: false, windowsHide: true });
    const parts: Buffer[] = [];
    let bytes = 0;
    const end = (voiced: Voiced) => {
      clearTimeout(limit);
      child.kill('SIGKILL');
      child.stdout.destroy();
      resolve(voiced);
    };
    const limit = setTimeout(() => end({ ok: false, fault: 'slow' }), limitMs);
    child.once('error', (error: NodeJS.ErrnoException) =>
      end({ ok: false, fault: error.code === 'ENOENT' || error.code === 'EACCES' ? 'absent' : 'failed' }),
    );
    // A program that ends before it has read all says so by its exit.
    child.stdin.on('error', () => undefined);
    child.stdout.on('data', (part: Buffer) => {
      bytes += part.length;
      if (bytes > MOST_WAV_BYTES) return end({ ok: false, fault: 'failed' });
      parts.push(part);
    });
    child.once('close', (code) =>
      end(code === 0 ? { ok: true, wav: Buffer.concat(parts) } : { ok: false, fault: 'failed' }),
    );
    child.stdin.end(text);
  });
}
