/** "Test by voice" in a real browser. Nobody has a voice here: the room is a connection that stays silent, or is refused. */
import { describe, expect, it } from 'vitest';
import {
  startVoiceServer,
  type VoiceServer,
  type VoiceServerOptions,
  type WorkerMetadata,
} from '../support/voice-server.ts';
import { browserTests, hasBrowser, patient } from '../support/web/browser-tests.ts';
import { startFront } from '../support/web/front.ts';
import { faultsIn } from '../support/web/faults-in.ts';
import type { PageVisit } from '../support/web/page-visit.ts';

const READY_WITHIN_MS = 30_000;

const button = ({ page }: PageVisit, name = 'Test by voice') => page.getByRole('button', { name });
const words = ({ page }: PageVisit) => page.locator('.voice-state').innerText();

describe.skipIf(!hasBrowser)('a flow, tested by voice from the page', () => {
  const tests = browserTests('The voice of the page');

  async function open(options: VoiceServerOptions = {}) {
    const server = tests.use(await startVoiceServer(options));
    const policy =
      (await fetch(server.url, { redirect: 'manual' })).headers.get('content-security-policy') ?? '';
    const front = tests.use(await startFront({ page: tests.pageFolder(), server: () => server.url, policy }));
    return { server, user: await tests.visit({ url: front.url }) };
  }

  /** Who joins is let in and told nothing. */
  function stayEmpty({ fake }: VoiceServer): void {
    fake.server.on('upgrade', () => {});
  }

  async function onlySession({ fake }: VoiceServer) {
    await expect.poll(() => fake.methods(), patient).toContain('CreateDispatch');
    const call = fake.calls.find(({ method }) => method === 'CreateDispatch');
    return JSON.parse(String(call?.body['metadata'])) as WorkerMetadata;
  }

  it('is not offered where the server has no LiveKit', async () => {
    const { user } = await open({ settings: { livekitUrl: undefined } });
    await user.say('Hello');
    await expect.poll(user.said, patient).toContain('agent: echo: Hello');
    expect(await button(user).count()).toBe(0);
    expect(user.complaints).toEqual([]);
  });

  it('waits for the agent, and shows that it is ready as soon as the server knows, with the conversation', async () => {
    const { server, user } = await open();
    stayEmpty(server);
    await button(user).click();
    await expect.poll(() => words(user), patient).toBe('Waiting for the agent …');
    const worker = await onlySession(server);
    const init = await fetch(worker.callbackUrl.replace(/agent-status$/, 'flow'), {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${worker.callbackToken}` },
      body: '{"phase":"init"}',
    });
    expect(init.status).toBe(200);
    await server.report(worker, { type: 'agent.joined' });
    expect(await words(user)).toBe('Waiting for the agent …');
    await server.report(worker, { type: 'agent.ready' });
    await expect.poll(() => words(user), patient).toBe('Agent ready');
    expect(await faultsIn(user.page)).toEqual([]);
    await button(user, 'Show the conversation').click();
    await expect.poll(user.said, patient).toEqual(['agent: Hello, how can I help?']);

    await button(user, 'Hang up').click();
    await expect.poll(() => words(user), patient).toBe('You have hung up.');
    await expect.poll(async () => (await server.state(worker.sessionId)).status, patient).toBe('ended');
  });

  it('says in words why there is no agent', async () => {
    const { server, user } = await open();
    stayEmpty(server);
    await button(user).click();
    const worker = await onlySession(server);
    await server.report(worker, { type: 'agent.failed', code: 'agent_init_failed', message: 'No voice.' });
    await expect
      .poll(() => words(user), patient)
      .toBe('The agent could not begin. No voice. (agent_init_failed)');
    await expect.poll(() => button(user).count(), patient).toBe(1);
  });

  it('says what is wrong with LiveKit, and can be tried again', async () => {
    const { server, user } = await open();
    stayEmpty(server);
    server.fake.faults.set('CreateRoom', { status: 401, code: 'unauthenticated', times: 1 });
    await button(user).click();
    await expect
      .poll(() => words(user), patient)
      .toBe("LiveKit refuses the server's key. LiveKit: unauthenticated (livekit_auth)");
    expect(await user.page.locator('.voice-state').getAttribute('data-at')).toBe('over');
    await button(user).click();
    await expect.poll(() => words(user), patient).toBe('Waiting for the agent …');
  });

  it('says that the room cannot be joined, and gives the session up', async () => {
    const { server, user } = await open();
    await button(user).click();
    await expect.poll(() => words(user), patient).toMatch(/^The room cannot be joined: ./);
    const { sessionId } = await onlySession(server);
    await expect.poll(async () => (await server.state(sessionId)).status, patient).toBe('ended');
    // It was refused by LiveKit, not by the page's own policy.
    expect(user.complaints.join(' ')).not.toContain('Content Security Policy');
  });

  it('waits for 30 seconds and no longer, whatever the server does', async () => {
    const { server, user } = await open({
      settings: { voiceDispatchWaitMs: 60_000, livekitTimeoutMs: 60_000 },
    });
    server.fake.faults.set('CreateRoom', { hang: true, times: 1 });
    await user.page.clock.install();
    await button(user).click();
    await expect.poll(() => server.fake.hanging, patient).toBe(1);
    // The clock goes on by itself as well.
    await user.page.clock.fastForward(READY_WITHIN_MS / 2);
    expect(await words(user)).toBe('Calling …');
    await user.page.clock.fastForward(READY_WITHIN_MS / 2);
    await expect.poll(() => words(user), patient).toBe('No agent was ready within 30 seconds.');
    // A call that is answered now finds nobody, and is ended.
    server.fake.release();
    const { sessionId } = await onlySession(server);
    await expect.poll(async () => (await server.state(sessionId)).status, patient).toBe('ended');
    expect(await words(user)).toBe('No agent was ready within 30 seconds.');
  });

  it('does not hold a room for an agent that is late: it says so, and the session ends', async () => {
    const { server, user } = await open({ settings: { voiceReadyTimeoutMs: 600_000 } });
    stayEmpty(server);
    await user.page.clock.install();
    await button(user).click();
    await expect.poll(() => words(user), patient).toBe('Waiting for the agent …');
    // LiveKit's client has a time limit of its own for a room that says nothing.
    await user.page.clock.fastForward(READY_WITHIN_MS + 1_000);
    await expect.poll(() => words(user), patient).toMatch(/^(The room cannot be joined|No agent was ready)/);
    const worker = await onlySession(server);
    await server.report(worker, { type: 'agent.ready' });
    await expect.poll(async () => (await server.state(worker.sessionId)).status, patient).toBe('ended');
  });
});
