import type { FastifyInstance } from 'fastify';
import type { Registry } from 'prom-client';

/** `/healthz`, `/readyz`, `/metrics`, `/openapi.json`: the same four on hub and agent (docs/surfaces.md, "Everywhere"). */

export interface Reason {
  /** Kebab-case, stable. */
  readonly code: string;
  /** Why it is not ready, in a sentence, and what to do. */
  readonly says: string;
}
export interface StatusDeps {
  readonly name: string;
  readonly version: string;
  /** What stands in the way of doing its work; empty when ready. */
  readonly notReady: () => readonly Reason[];
  /** What is amiss though it works: a device that is away. */
  readonly notices?: () => readonly Reason[];
  readonly metrics: Registry;
}

export async function statusRoutes(app: FastifyInstance, deps: StatusDeps): Promise<void> {
  app.get('/healthz', async () => ({ ok: true, name: deps.name, version: deps.version }));
  app.get('/readyz', async (_request, reply) => {
    const reasons = deps.notReady();
    const ready = reasons.length === 0;
    return reply.code(ready ? 200 : 503).send({ ready, reasons, ...(deps.notices && { notices: deps.notices() }) });
  });
  app.get('/metrics', async (_request, reply) =>
    reply.type(deps.metrics.contentType).send(await deps.metrics.metrics()),
  );
  app.get('/openapi.json', async () => app.swagger());
}
