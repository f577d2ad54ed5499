import { expect, it } from 'vitest';
import { startVoiceServer, type VoiceStart } from '../support/voice-server.ts';

it(
  'answers a thousand who call at once before LiveKit has answered any of them',
  { timeout: 120_000 },
  async () => {
    await using server = await startVoiceServer({
      settings: { voiceDispatchWaitMs: 100, livekitTimeoutMs: 600_000, voiceReadyTimeoutMs: 600_000 },
    });
    const { fake } = server;
    fake.faults.set('CreateRoom', { hang: true });

    const answers = await Promise.all(
      Array.from({ length: 1_000 }, async () => {
        const response = await fetch(`${server.url}/api/flows/intake/test-audio`, { method: 'POST' });
        return { ...((await response.json()) as VoiceStart), answered: response.status };
      }),
    );
    expect(new Set(answers.map(({ answered }) => answered))).toEqual(new Set([202]));
    expect(new Set(answers.map(({ sessionId }) => sessionId)).size).toBe(1_000);
    await expect.poll(() => fake.hanging, { timeout: 60_000 }).toBe(1_000);

    fake.faults.clear();
    fake.release();
    await expect
      .poll(() => fake.methods().filter((method) => method === 'CreateDispatch').length, { timeout: 60_000 })
      .toBe(1_000);
    expect(fake.rooms.size).toBe(1_000);
    const last = answers.at(-1)?.sessionId ?? '';
    await expect.poll(async () => (await server.state(last)).status).toBe('dispatched');
  },
);
