/** The program itself, killed without a warning while voice sessions stand in every state. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type Program, start, temporaryFolder } from '../packaging/program.ts';
import { API_KEY, API_SECRET, type FakeLiveKit, startFakeLiveKit } from '../support/fake-livekit.ts';
import { CALLBACK_SECRET, type VoiceStart, WORKER, type WorkerMetadata } from '../support/voice-server.ts';

const patient = { timeout: 20_000 };

const settings = (fake: FakeLiveKit) => ({
  LIVEKIT_URL: fake.url,
  LIVEKIT_API_KEY: API_KEY,
  LIVEKIT_API_SECRET: API_SECRET,
  LIVEKIT_AGENT_NAME: WORKER,
  VOICE_CALLBACK_SECRET: CALLBACK_SECRET,
  // Nothing is late here, however slow the machine is.
  VOICE_READY_TIMEOUT_MS: '600000',
  LIVEKIT_TIMEOUT_MS: '600000',
  VOICE_DISPATCH_WAIT_MS: '200',
});

async function call({ url }: Program): Promise<VoiceStart> {
  const response = await fetch(`${url}/api/flows/intake/test-audio`, { method: 'POST' });
  return (await response.json()) as VoiceStart;
}

/** As LiveKit has accepted it, however slow the machine is. */
async function callAndWait(program: Program): Promise<VoiceStart> {
  const start = await call(program);
  await expect.poll(() => statusOf(program, start.sessionId), patient).toBe('dispatched');
  return start;
}

async function statusOf({ url }: Program, sessionId: string): Promise<string> {
  const response = await fetch(`${url}/api/voice-sessions/${sessionId}`);
  return ((await response.json()) as { status: string }).status;
}

async function report(
  program: Program,
  fake: FakeLiveKit,
  { sessionId, roomName }: VoiceStart,
  type: string,
) {
  const called = fake.calls.find(
    ({ method, body }) => method === 'CreateDispatch' && body['room'] === roomName,
  );
  const { callbackToken } = JSON.parse(String(called?.body['metadata'])) as WorkerMetadata;
  const response = await fetch(`${program.url}/api/voice-sessions/${sessionId}/agent-status`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${callbackToken}` },
    body: JSON.stringify({ type, sessionId, timestamp: new Date().toISOString() }),
  });
  return response.status;
}

/** A session in every status. */
async function begin(program: Program, fake: FakeLiveKit) {
  const dispatched = await callAndWait(program);
  const connecting = await callAndWait(program);
  await report(program, fake, connecting, 'agent.joined');
  const ready = await callAndWait(program);
  await report(program, fake, ready, 'agent.ready');
  fake.faults.set('DeleteRoom', { hang: true });
  const failed = await callAndWait(program);
  await report(program, fake, failed, 'agent.failed');
  const ended = await callAndWait(program);
  await fetch(`${program.url}/api/voice-sessions/${ended.sessionId}`, { method: 'DELETE' });
  fake.faults.set('CreateRoom', { hang: true });
  const pending = await call(program);
  await expect.poll(() => fake.hanging, patient).toBe(3);
  return { pending, dispatched, connecting, ready, failed, ended };
}

async function expectAsBegun(program: Program, sessions: Readonly<Record<string, VoiceStart>>) {
  for (const [status, { sessionId }] of Object.entries(sessions))
    expect(await statusOf(program, sessionId)).toBe(status);
}

it('every voice session stands where it stood when the program was killed', { timeout: 90_000 }, async () => {
  await using folder = await temporaryFolder();
  await using fake = await startFakeLiveKit();
  const flows = [{ id: 'intake', agent: 'research_paper', greeting: 'Hello.' }];
  await writeFile(join(folder.path, 'colloquy.config.mjs'), `export default ${JSON.stringify({ flows })};\n`);
  const options = { cwd: folder.path, env: settings(fake) };
  await using killed = await start(options);
  const sessions = await begin(killed, fake);
  await expectAsBegun(killed, sessions);
  killed.kill('SIGKILL');
  await killed.ended;

  await using program = await start(options);
  await expectAsBegun(program, sessions);
  // Nobody had heard how the first went: it is begun anew. And the rooms of those that are over are removed.
  const { pending, connecting, failed, ended } = sessions;
  fake.faults.clear();
  fake.release();
  await expect.poll(() => statusOf(program, pending.sessionId), patient).toBe('dispatched');
  await expect.poll(() => fake.rooms.has(failed.roomName), patient).toBe(false);
  await expect.poll(() => fake.rooms.has(ended.roomName), patient).toBe(false);
  expect(await report(program, fake, connecting, 'agent.ready')).toBe(200);
  expect(await statusOf(program, connecting.sessionId)).toBe('ready');
});
