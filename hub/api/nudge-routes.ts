import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { NUDGES_HEADER } from '../../protocol/documents/kinds.ts';
import { NUDGE_SENTENCES, type Nudges } from '../fleet/nudges.ts';
import { retryAfterS } from '../ingest/admission.ts';
import { refuse } from './problem.ts';

/**
 * `GET /v1/terminals/{tid}/nudges`: server-sent events that say "ask now" and nothing else. What there is to know a
 * terminal learns by its signed question only; so this stream needs no signature of the hub's.
 */

export interface NudgeRoutesDeps {
  readonly nudges: Nudges;
  readonly random: () => number;
}

/** A recall is to reach a kiosk within a second. */
const LOOK_MS = 250;
/** Well below what proxies cut; a terminal that hears nothing for three of them begins again. */
const HEARTBEAT_MS = 15_000;
/** A few bytes an event: who lets that many lie does not listen any more. */
const UNREAD_BYTES_MAX = 4_096;

export async function nudgeRoutes(app: FastifyInstance, { nudges, random }: NudgeRoutesDeps): Promise<void> {
  const open: Set<FastifyReply['raw']> = new Set();
  let looking: NodeJS.Timeout | undefined;
  let beating: NodeJS.Timeout | undefined;
  let closing = false;

  function say(raw: FastifyReply['raw'], text: string): void {
    if (raw.writableLength > UNREAD_BYTES_MAX) raw.destroy();
    else raw.write(text);
  }
  /** The socket goes too: a hub that stops must not wait for kiosks that keep theirs. */
  function end(raw: FastifyReply['raw']): void {
    raw.end();
    raw.socket?.destroySoon();
  }
  /** One look after the other, and none where nobody listens. */
  function lookOn(): void {
    if (looking !== undefined || closing || open.size === 0) return;
    looking = setTimeout(async () => {
      await nudges.look();
      looking = undefined;
      lookOn();
    }, LOOK_MS);
  }
  function join(raw: FastifyReply['raw']): void {
    open.add(raw);
    beating ??= setInterval(() => {
      for (const each of open) say(each, ': still here\n\n');
    }, HEARTBEAT_MS);
    lookOn();
  }
  function left(raw: FastifyReply['raw']): void {
    open.delete(raw);
    if (open.size > 0) return;
    clearInterval(beating);
    beating = undefined;
  }

  async function stream(request: FastifyRequest<{ Params: { tid: string } }>, reply: FastifyReply) {
    const { raw } = reply;
    const asked = String(request.headers[NUDGES_HEADER] ?? '');
    let began = false;
    let over = false;
    const opened = await nudges.open(request.params.tid, asked, {
      ask: () => began && say(raw, 'data: ask\n\n'),
      end: () => {
        over = true;
        if (began) end(raw);
      },
    });
    if (!opened.ok) {
      const [status, error, whatToDo] = NUDGE_SENTENCES[opened.code];
      if (status === 429) reply.header('retry-after', String(retryAfterS(random())));
      return refuse(reply, status, opened.code, [error, whatToDo]);
    }
    reply.hijack();
    raw.once('close', () => {
      opened.leave();
      left(raw);
    });
    if (raw.destroyed) opened.leave();
    const kept = { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' };
    raw.writeHead(200, { ...kept, connection: 'close' });
    raw.write(': listening\n\n');
    began = true;
    // Meanwhile the hub stopped, another stream took this one's place, or the kiosk hung up.
    if (over || closing || raw.destroyed) end(raw);
    else join(raw);
    return reply;
  }
  app.get<{ Params: { tid: string } }>('/v1/terminals/:tid/nudges', stream);

  app.addHook('preClose', async () => {
    closing = true;
    clearTimeout(looking);
    clearInterval(beating);
    for (const raw of open) end(raw);
  });
}
