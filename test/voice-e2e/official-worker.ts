/** The worker template as it is, run by the official `AgentServer` with its child processes. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { API_KEY, API_SECRET, type FakeLiveKit } from '../support/fake-livekit.ts';
import { WORKER } from '../support/voice-server.ts';

const template = join(import.meta.dirname, '../../docs/examples/voice-worker');
/** Beside the packages it imports. */
const folder = join(import.meta.dirname, 'node_modules/.voice-worker');
const REGISTERED_WITHIN_MS = 40_000;

export type OfficialWorker = {
  /** With all processes of its jobs, and what hangs in them. */
  close(): Promise<void>;
};

/** Resolves when it is registered. */
export async function startWorker(fake: FakeLiveKit): Promise<OfficialWorker> {
  await mkdir(folder, { recursive: true });
  for (const file of ['worker.js', 'backend.js']) await cp(join(template, file), join(folder, file));
  await cp(join(import.meta.dirname, 'providers.js'), join(folder, 'providers.js'));
  const agentServer = spawn(
    process.execPath,
    [join(import.meta.dirname, 'agent-server.ts'), join(folder, 'worker.js')],
    {
      // A group, which ends as one.
      detached: true,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: {
        ...process.env,
        LIVEKIT_URL: fake.url.replace('http', 'ws'),
        LIVEKIT_API_KEY: API_KEY,
        LIVEKIT_API_SECRET: API_SECRET,
        LIVEKIT_AGENT_NAME: WORKER,
        VOICE_PROVIDERS: pathToFileURL(join(folder, 'providers.js')).href,
      },
    },
  );
  const over = once(agentServer, 'exit');
  const worker: OfficialWorker = {
    async close() {
      if (agentServer.pid !== undefined && agentServer.exitCode === null)
        process.kill(-agentServer.pid, 'SIGKILL');
      await over;
    },
  };
  try {
    await registered(fake, () => agentServer.exitCode === null);
  } catch (error) {
    await worker.close();
    throw error;
  }
  return worker;
}

async function registered(fake: FakeLiveKit, isRunning: () => boolean): Promise<void> {
  const until = Date.now() + REGISTERED_WITHIN_MS;
  while (fake.workers.size === 0) {
    if (!isRunning() || Date.now() > until) throw new Error('The worker did not register.');
    await sleep(20);
  }
}
