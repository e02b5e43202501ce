import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import pino from 'pino';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KioskView } from '../../protocol/api/kiosk.ts';
import { writeDurably } from '../../protocol/node/key-file.ts';
import { MUTE } from '../../test/support/mute-voice.ts';
import { createAgentApp } from './app.ts';

/** The agent as it listens: what another program of this machine can do to it over a socket. */

const TOKEN = 'a-token-of-this-kiosk-only';
const view: KioskView = {
  ...{ rev: 1, session: null, screen: 'attract', language: 'zh-CN', mmPx: 5.9, offline: false, notices: [] },
  place: { village: { zh: '桃湾村'.repeat(2_000), en: '' }, shop: { zh: '', en: '' } },
};
const asRoot = process.getuid?.() === 0;
if (!asRoot && process.env.CI !== 'true') process.stderr.write('skipped: another local user; that takes root\n');

describe('the agent on localhost', () => {
  let app: FastifyInstance;
  let port = 0;
  let publish: (view: KioskView) => void = () => undefined;
  const sockets: Socket[] = [];
  beforeEach(async () => {
    app = await createAgentApp({
      logger: pino({ level: 'silent' }),
      page: {
        view: () => view,
        act: () => undefined,
        onView(listener) {
          publish = listener;
          return () => {
            publish = () => undefined;
          };
        },
      },
      guard: { token: TOKEN, cookieName: 'kiosk', port: () => port },
      status: { name: 'x', version: '1', notReady: () => [], metrics: new Registry() },
      state: () => {
        throw new Error('not asked here');
      },
      ...{ frameAncestors: [], pageDir: null, courier: () => null, voice: MUTE },
    });
    await app.listen({ host: '127.0.0.1', port: 0 });
    port = Number(new URL(app.listeningOrigin).port);
  });
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await app.close();
  });

  /** Sends `text` and gathers what comes back until the other side ends. */
  function say(text: string): { readonly socket: Socket; readonly heard: () => string; readonly ended: Promise<void> } {
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    sockets.push(socket);
    let heard = '';
    socket.on('data', (bytes) => {
      heard += bytes.toString();
    });
    socket.on('error', () => undefined); // a reset is an end as well
    const ended = new Promise<void>((done) => socket.once('close', () => done()));
    return { socket, heard: () => heard, ended };
  }
  const get = (host: string, more = '') =>
    `GET /api/view HTTP/1.1\r\nHost: ${host}\r\n${more}Connection: close\r\n\r\n`;

  it('DNS rebinding: another name for this address gets nothing, token or not', async () => {
    const evil = say(get(`evil.example:${port}`, `Authorization: Bearer ${TOKEN}\r\n`));
    await evil.ended;
    expect(evil.heard()).toMatch(/^HTTP\/1\.1 421 /);
    expect(evil.heard()).not.toContain('桃湾村');
    const ours = say(get(`127.0.0.1:${port}`, `Authorization: Bearer ${TOKEN}\r\n`));
    await ours.ended;
    expect(ours.heard()).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('a preflight of another site is promised nothing', async () => {
    const asked = say(
      `OPTIONS /api/act HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nOrigin: http://evil.example\r\n` +
        'Access-Control-Request-Method: POST\r\nConnection: close\r\n\r\n',
    );
    await asked.ended;
    expect(asked.heard()).toMatch(/^HTTP\/1\.1 403 /);
    expect(asked.heard().toLowerCase()).not.toContain('access-control-allow');
  });

  it('half a request does not hold a place for ever', async () => {
    const slow = say(`POST /api/act HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n`);
    await slow.ended;
    expect(slow.heard()).toMatch(/^HTTP\/1\.1 408 /);
  }, 20_000);

  it('more connections than a kiosk has use for are closed, and the page still gets its answer', async () => {
    const many = Array.from({ length: 80 }, () => say(''));
    await expect.poll(() => many.filter(({ socket }) => socket.destroyed).length).toBe(16);
    for (const { socket } of many) socket.destroy();
    const healthy = async () => {
      const answer = await fetch(`http://127.0.0.1:${port}/healthz`, { signal: AbortSignal.timeout(500) });
      return answer.status;
    };
    await expect.poll(() => healthy().catch(() => 0), { timeout: 5_000 }).toBe(200);
  });

  it('a page that never reads is let go, before it fills the memory', async () => {
    const page = say(`GET /api/live HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${TOKEN}\r\n\r\n`);
    await expect.poll(() => page.heard()).toContain('event: view');
    page.socket.pause();
    let sent = 0;
    const before = process.memoryUsage.rss();
    await expect
      .poll(() => {
        for (let n = 0; n < 200; n++, sent++) publish(view);
        return app.server.listening && sent > 2_000;
      })
      .toBe(true);
    // Some 80 MB were said to it; next to nothing of that waits.
    expect(process.memoryUsage.rss() - before).toBeLessThan(60 * 1_048_576);
    page.socket.resume();
    await page.ended;
  });

  it.skipIf(!asRoot && process.env.CI !== 'true')('another local user cannot read the token', () => {
    const dir = mkdtempSync(join(tmpdir(), 'tally-token-'));
    try {
      const path = join(dir, 'page.token');
      writeDurably(path, Buffer.from(TOKEN), 0o600);
      spawnSync('chmod', ['755', dir]);
      const read = spawnSync('setpriv', ['--reuid=65534', '--regid=65534', '--clear-groups', 'cat', path], {
        encoding: 'utf8',
      });
      expect([read.status, read.stdout]).toEqual([1, '']);
      expect(read.stderr).toContain('Permission denied');
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  });
});
