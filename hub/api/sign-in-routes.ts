import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import { Type } from '../../protocol/schema.ts';
import { type createSignIn, SIGN_IN_SENTENCES } from '../operators/sign-in.ts';
import { refuse } from './problem.ts';
import type { Sessions } from './sessions.ts';

export interface SignInRoutesDeps {
  readonly sessions: Sessions;
  readonly signIn: ReturnType<typeof createSignIn>;
}

/** Sign in, who am I, sign out. */
export async function signInRoutes(plain: FastifyInstance, { sessions, signIn }: SignInRoutesDeps): Promise<void> {
  const app = plain.withTypeProvider<TypeBoxTypeProvider>();
  app.post(
    '/session',
    {
      config: { rateLimit: { max: 60, timeWindow: 60_000 } },
      schema: {
        body: Type.Object({
          user: Type.String({ minLength: 1, maxLength: 40 }),
          password: Type.String({ minLength: 1, maxLength: 200 }),
          code: Type.Optional(Type.String({ maxLength: 12 })),
        }),
      },
    },
    async (request, reply) => {
      const outcome = await signIn(request.body);
      if (!outcome.ok) return refuse(reply, 401, outcome.code, SIGN_IN_SENTENCES[outcome.code]);
      sessions.open(reply, outcome.token);
      return sessions.me(outcome.operator);
    },
  );
  app.get('/me', async (request, reply) => {
    const operator = await sessions.require(request, reply);
    return operator ? sessions.me(operator) : reply;
  });
  app.delete('/session', async (request, reply) => {
    await sessions.close(request, reply);
    return { ok: true };
  });
}
