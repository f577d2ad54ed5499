/** `POST /api/livekit/webhook`: who came to rooms and left them, as LiveKit tells it. Never that an agent is ready. */
import { z } from 'zod';
import type { Settings } from '../../config.ts';
import { BadWebhookSignatureError } from '../../errors.ts';
import type { Voice } from '../../voice/voice.ts';
import { createReadText } from '../json-body.ts';
import { route, type Route } from '../route.ts';

export type LiveKitWebhookDeps = {
  readonly settings: Pick<Settings, 'maxBodyKb'>;
  readonly voice: Voice;
};

export function liveKitWebhookRoutes({ settings, voice }: LiveKitWebhookDeps): readonly Route[] {
  return [
    route({
      method: 'post',
      path: '/api/livekit/webhook',
      operation: 'report as the voice server',
      tag: 'Voice',
      summary: 'Take a webhook of LiveKit',
      description:
        'For the LiveKit server of `LIVEKIT_URL`, which signs it: `Authorization` is a JWT without `Bearer`. Rooms of others are ignored.',
      /** The signature is over the body, which is not read for nobody. */
      admit({ headers }) {
        voice.service();
        if (!headers.authorization) throw new BadWebhookSignatureError();
      },
      // Parsed and written again it would have another digest.
      readBody: createReadText(settings),
      body: z.string().meta({ override: { type: 'object' }, description: 'A `WebhookEvent` of LiveKit.' }),
      answers: { 200: { description: 'What follows from it is stored.' } },
      errors: ['VOICE_NOT_CONFIGURED', 'BAD_WEBHOOK_SIGNATURE'],
      async handle({ body, req }) {
        const service = voice.service();
        const news = await service.webhooks.read(body, req.headers.authorization);
        if (news) await service.notice(news);
        return { status: 200 };
      },
    }),
  ];
}
