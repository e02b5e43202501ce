import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import { SCREENS } from '../../protocol/api/kiosk.ts';
import { Type } from '../../protocol/schema.ts';
import { speechOf } from '../speech/speech.ts';
import { VOICE_SENTENCES, type Voice } from '../speech/voice/voice.ts';
import { fromOwnPage } from './guard.ts';
import type { PageSource } from './page-source.ts';
import type { Trouble } from './troubles.ts';

/**
 * The page names the screen it wants to hear, and never a text: what is said comes from the view. `asked`: somebody touched
 * 听 for it, so the balance may be told.
 */
const Query = Type.Object(
  { screen: Type.Enum([...SCREENS]), asked: Type.Union([Type.Literal('yes'), Type.Literal('no')]) },
  { additionalProperties: false },
);

export async function speechRoutes(bare: FastifyInstance, page: PageSource, voice: Voice): Promise<void> {
  const app = bare.withTypeProvider<TypeBoxTypeProvider>();

  app.get('/api/speech', { schema: { querystring: Query } }, async (request, reply) => {
    // It changes nothing, but it starts a program: no other page of this machine may ask for that.
    if (!fromOwnPage(request, `http://${request.headers.host}`)) {
      const says = { code: 'another-page', error: 'This was asked by another site’s page.' };
      return reply.code(403).send({ ...says, whatToDo: 'Start the kiosk’s page from the kiosk itself.' });
    }
    const view = page.view();
    if (view.screen !== request.query.screen) {
      const says = { code: 'screen-changed', error: 'That screen does not show any more.' };
      return reply.code(409).send({ ...says, whatToDo: 'Ask for the one that does.' });
    }
    const voiced = await voice.say(view.language, speechOf(view, request.query.asked === 'yes'));
    reply.header('cache-control', 'no-store');
    if (voiced.ok) return reply.type('audio/wav').send(voiced.wav);
    const { fault } = voiced;
    const says = { code: `voice-${fault}`, error: VOICE_SENTENCES[fault], whatToDo: 'Ask the clerk.' };
    return reply.code(503).send(says);
  });
}

/** The kiosk sells without a voice; who looks after it is told. */
export function voiceTroubles(voice: Voice): Trouble[] {
  const fault = voice.fault();
  return fault === null ? [] : [{ what: 'voice', code: `voice-${fault}`, says: VOICE_SENTENCES[fault] }];
}
