import type { FastifyInstance } from 'fastify';
import type { RigLive } from '../../protocol/api/rig.ts';
import type { Desk } from './desk.ts';

/** What the rig's page watches: server-sent events, sent when something changed. */
const LOOK_EVERY_MS = 300;

export function liveRoute(app: FastifyInstance, desk: (kiosk?: number) => Desk): void {
  app.get<{ Querystring: { kiosk?: string } }>('/api/live', (request, reply) => {
    const { unit, faults } = desk(Number(request.query.kiosk ?? 1));
    reply.hijack();
    const { raw } = reply;
    raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    let sent = '';
    let looking = false;
    const look = async () => {
      if (looking) return;
      looking = true;
      const live: RigLive = {
        slips: unit.printer.slipCount(),
        network: unit.link.isUp() ? 'up' : 'down',
        state: await unit.agentState().catch(() => null), // an agent that is away is shown as just that
        faults: faults.list(),
      };
      const text = JSON.stringify(live);
      if (text !== sent) raw.write(`event: live\ndata: ${text}\n\n`);
      sent = text;
      looking = false;
    };
    const stop = unit.printer.onChange(() => {
      sent = '';
      void look();
    });
    const timer = setInterval(() => void look(), LOOK_EVERY_MS);
    void look();
    request.raw.once('close', () => {
      clearInterval(timer);
      stop();
    });
  });
}
