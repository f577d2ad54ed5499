import { describe, expect, it } from 'vitest';
import { createLiveKitRooms } from '../../src/voice/livekit/livekit-rooms.ts';
import { API_KEY, API_SECRET, protocol as P, startFakeLiveKit } from '../support/fake-livekit.ts';

async function start(options: { readonly agentName?: string; readonly timeoutMs?: number } = {}) {
  const fake = await startFakeLiveKit();
  const rooms = createLiveKitRooms({
    url: fake.url.replace('http', 'ws'),
    apiKey: API_KEY,
    apiSecret: API_SECRET,
    agentName: 'voice',
    readyTimeoutMs: 30_000,
    timeoutMs: 5_000,
    ...options,
  });
  return { fake, rooms, [Symbol.asyncDispose]: () => fake[Symbol.asyncDispose]() };
}

const call = { sessionId: 'vs_1', metadata: JSON.stringify({ sessionId: 'vs_1' }) };

describe('the rooms of a LiveKit server', () => {
  it('are made once however often, and outlive the deadline of their session', async () => {
    await using livekit = await start();
    await livekit.rooms.openRoom('r', '{}');
    await livekit.rooms.openRoom('r', '{}');
    expect(livekit.fake.rooms.size).toBe(1);
    expect(livekit.fake.calls[0]?.body['emptyTimeout']).toBe(120);
  });

  it('get one agent per session: whoever asks again finds the one that was called', async () => {
    await using livekit = await start();
    await livekit.rooms.ensureDispatch('r', call);
    await livekit.rooms.ensureDispatch('r', call);
    expect(livekit.fake.methods()).toEqual(['ListDispatch', 'CreateDispatch', 'ListDispatch']);
  });

  it.each([
    ['of another name', { agentName: 'recorder', metadata: call.metadata }],
    ['for another session', { agentName: 'voice', metadata: '{"sessionId":"vs_2"}' }],
    ['by somebody who says nothing', { agentName: 'voice', metadata: '' }],
    ['with other words', { agentName: 'voice', metadata: 'null' }],
  ])('get one beside an agent that was called %s', async (_, other) => {
    await using livekit = await start();
    livekit.fake.openRoom('r').dispatches.push(new P.AgentDispatch({ id: 'AD_1', room: 'r', ...other }));
    await livekit.rooms.ensureDispatch('r', call);
    expect(livekit.fake.methods()).toEqual(['ListDispatch', 'CreateDispatch']);
  });

  it('are told apart by who is in them', async () => {
    await using livekit = await start();
    livekit.fake.join('r', { identity: 'ann', attributes: { role: 'user' } });
    livekit.fake.join('r', { identity: 'agent-1', isAgent: true, isJoining: true });
    expect(await livekit.rooms.peopleIn('r')).toEqual([
      { identity: 'ann', kind: 'human', isActive: true, attributes: { role: 'user' } },
      { identity: 'agent-1', kind: 'agent', isActive: false, attributes: {} },
    ]);
    expect(await livekit.rooms.peopleIn('nowhere')).toBeUndefined();
    expect(await livekit.rooms.jobsIn('nowhere')).toBe(0);
  });

  it('can be removed twice', async () => {
    await using livekit = await start();
    livekit.fake.openRoom('r');
    await livekit.rooms.removeRoom('r');
    await livekit.rooms.removeRoom('r');
    expect(livekit.fake.rooms.size).toBe(0);
  });

  it.each([
    [{ status: 500 }, 'livekit_unavailable'],
    [{ status: 503, contentType: 'text/html' }, 'livekit_unavailable'],
    [{ status: 200, text: '<html>Sign in</html>', contentType: 'text/html' }, 'livekit_unavailable'],
    [{ status: 401 }, 'livekit_auth'],
    [{ status: 403 }, 'livekit_auth'],
    [{ status: 404, code: 'not_found' }, 'livekit_rejected'],
    [{ status: 412, code: 'failed_precondition' }, 'livekit_rejected'],
    [{ hang: true }, 'livekit_timeout'],
  ] as const)('say whose fault it is: %j is %s', async (fault, expected) => {
    await using livekit = await start({ timeoutMs: 200 });
    livekit.fake.faults.set('CreateDispatch', fault);
    await expect(livekit.rooms.ensureDispatch('r', call)).rejects.toMatchObject({ fault: expected });
  });
});
