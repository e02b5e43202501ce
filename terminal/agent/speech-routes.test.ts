import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { Registry } from 'prom-client';
import { afterAll, describe, expect, it } from 'vitest';
import type { KioskView } from '../../protocol/api/kiosk.ts';
import { VOICES } from '../speech/voice/espeak.ts';
import { createVoice, type VoiceOptions } from '../speech/voice/voice.ts';
import { RATE_HZ, samplesOf, wavOf } from '../speech/voice/wav.ts';
import { createAgentApp } from './app.ts';
import { voiceTroubles } from './speech-routes.ts';

/** The agent speaks the screen that shows: with the real program, with none, with one that hangs, fails or floods. */

const HERE = existsSync('/usr/bin/espeak-ng');
const HOST = '127.0.0.1:8710';
const own = { host: HOST, authorization: 'Bearer a-token' };
const folder = mkdtempSync(join(tmpdir(), 'speech-'));
afterAll(() => rmSync(folder, { recursive: true }));

const attract: KioskView = {
  ...{ rev: 1, session: null, screen: 'attract', language: 'zh-CN', mmPx: 5.9, offline: false, notices: [] },
  place: { village: { zh: '红旗村', en: 'Hongqi Village' }, shop: { zh: '积分超市', en: 'Points Shop' } },
};
const balance: KioskView = {
  ...{ ...attract, screen: 'balance', session: 's1' },
  person: { name: '张*芳', last4: '0427', pts: 1286, spendablePts: 1286 },
};

async function agent(view: KioskView, options: Partial<VoiceOptions> = {}) {
  const voice = createVoice({ program: 'espeak-ng', clips: null, ...options });
  const app = await createAgentApp({
    ...{ logger: pino({ level: 'silent' }), voice },
    page: { view: () => view, act: () => undefined, onView: () => () => undefined },
    guard: { token: 'a-token', cookieName: 'kiosk', port: () => 8710 },
    status: {
      name: 'x',
      version: '1',
      notReady: () => [],
      notices: () => voiceTroubles(voice),
      metrics: new Registry(),
    },
    state: () => {
      throw new Error('not asked for here');
    },
    ...{ frameAncestors: [], pageDir: null, courier: () => null },
  });
  const ask = (query: string, headers: Record<string, string> = own) =>
    app.inject({ url: `/api/speech${query}`, headers });
  const notices = async () => (await app.inject({ url: '/readyz', headers: { host: HOST } })).json().notices;
  return { ask, notices, close: () => app.close() };
}

/** A program of the test's own in espeak's place. */
function program(name: string, script: string): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

const secondsOf = (samples: Buffer) => samples.length / 2 / RATE_HZ;
function loudnessOf(samples: Buffer): number {
  let sum = 0;
  for (let at = 0; at + 1 < samples.length; at += 2) sum += samples.readInt16LE(at) ** 2;
  return Math.sqrt(sum / (samples.length / 2));
}

if (!HERE && process.env.CI !== 'true')
  console.warn('speech: NOT TESTED with a real voice, no espeak-ng (apt-get install espeak-ng)');

describe.skipIf(!HERE && process.env.CI !== 'true')('with espeak-ng', () => {
  it.each(['zh-CN', 'en'] as const)(
    'a screen is a WAV that is not silent and as long as its words, %s',
    async (language) => {
      const kiosk = await agent({ ...balance, language });
      const answer = await kiosk.ask('?screen=balance&asked=yes');
      expect([answer.statusCode, answer.headers['content-type'], answer.headers['cache-control']]).toEqual([
        ...[200, 'audio/wav', 'no-store'],
      ]);
      const wav = answer.rawPayload;
      const samples = samplesOf(wav) ?? Buffer.alloc(0);
      expect([wav.readUInt32LE(4), wav.readUInt32LE(40)]).toEqual([wav.length - 8, samples.length]);
      expect(secondsOf(samples)).toBeGreaterThan(5);
      expect(secondsOf(samples)).toBeLessThan(40);
      expect(loudnessOf(samples)).toBeGreaterThan(300);
      expect(await kiosk.notices()).toEqual([]);
      await kiosk.close();
    },
  );

  it('Chinese is spoken as Chinese, and not spelled as English letters', () => {
    const args = ['-v', VOICES['zh-CN'], '-q', '-x', '您有一千二百八十六分，请按右下角红色的大按钮。'];
    const { stdout } = spawnSync('espeak-ng', args, { encoding: 'utf8' });
    expect(stdout).toContain("f'@55n");
    expect(stdout).not.toContain('(en)');
  });

  it('the balance makes it longer, where it was asked for', async () => {
    const kiosk = await agent(balance);
    const [asked, unasked] = await Promise.all([
      kiosk.ask('?screen=balance&asked=yes'),
      kiosk.ask('?screen=balance&asked=no'),
    ]);
    expect([asked.statusCode, unasked.statusCode]).toEqual([200, 200]);
    expect(asked.rawPayload.equals(unasked.rawPayload)).toBe(false);
    await kiosk.close();
  });

  it('a recorded clip is played in its sentence’s place; one of another shape is not', async () => {
    const clips = join(folder, 'clips');
    mkdirSync(join(clips, 'zh-CN'), { recursive: true });
    const tone = Buffer.alloc(RATE_HZ, 0x22);
    writeFileSync(join(clips, 'zh-CN', 'leave.wav'), wavOf([tone]));
    const wrong = wavOf([Buffer.alloc(RATE_HZ, 0x33)]);
    wrong.writeUInt32LE(8_000, 24);
    writeFileSync(join(clips, 'zh-CN', 'call.wav'), wrong);
    const kiosk = await agent(balance, { clips });
    const { rawPayload } = await kiosk.ask('?screen=balance&asked=yes');
    expect(rawPayload.includes(tone)).toBe(true);
    expect(rawPayload.includes(Buffer.alloc(RATE_HZ, 0x33))).toBe(false);
    expect(secondsOf(samplesOf(rawPayload) ?? Buffer.alloc(0))).toBeGreaterThan(4);
    await kiosk.close();
  });
});

describe('the agent refuses', () => {
  it.each([
    ['a screen that does not show', '?screen=balance&asked=yes', own, 409],
    ['a screen that is none', '?screen=secret&asked=yes', own, 400],
    ['a text', '?screen=attract&asked=yes&text=hello', own, 400],
    ['no word whether it was asked for', '?screen=attract', own, 400],
    ['no token', '?screen=attract&asked=yes', { host: HOST }, 401],
    ['another site’s page', '?screen=attract&asked=yes', { ...own, 'sec-fetch-site': 'cross-site' }, 403],
    ['another page of this machine', '?screen=attract&asked=yes', { ...own, 'sec-fetch-site': 'same-site' }, 403],
  ])('%s', async (_name, query, headers, status) => {
    const kiosk = await agent(attract, { program: program('never', 'exit 1') });
    expect((await kiosk.ask(query, headers)).statusCode).toBe(status);
    await kiosk.close();
  });
});

describe('without a voice', () => {
  it.each([
    ['absent', join(folder, 'no-such-program')],
    ['slow', program('hangs', 'exec sleep 30')],
    ['failed', program('fails', 'cat > /dev/null; exit 1')],
    ['failed', program('noise', 'cat > /dev/null; echo this is no sound')],
    ['failed', program('floods', 'cat > /dev/null; exec yes')],
  ] as const)('the page and the one who looks after it are told: %s (%s)', async (fault, path) => {
    const kiosk = await agent(attract, { program: path, limitMs: fault === 'slow' ? 300 : 3_000 });
    const began = performance.now();
    const answer = await kiosk.ask('?screen=attract&asked=yes');
    expect([answer.statusCode, answer.json().code]).toEqual([503, `voice-${fault}`]);
    expect(performance.now() - began).toBeLessThan(3_000);
    expect(await kiosk.notices()).toMatchObject([{ what: 'voice', code: `voice-${fault}` }]);
    await kiosk.close();
  });

  it('the words reach the program on its stdin, and no word of them its command line', async () => {
    const path = program('notes', `echo "$@" > ${folder}/arguments; cat > ${folder}/words; exit 1`);
    const kiosk = await agent(attract, { program: path });
    await kiosk.ask('?screen=attract&asked=yes');
    expect(readFileSync(join(folder, 'words'), 'utf8')).toContain('请刷卡');
    expect(readFileSync(join(folder, 'arguments'), 'utf8').trim()).toBe(
      '-v cmn-latn-pinyin -s 165 -b 1 --stdin --stdout',
    );
    await kiosk.close();
  });
});
