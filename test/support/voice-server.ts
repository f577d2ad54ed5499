/**
 * A whole server with voice over a fake LiveKit, on a free port and a data folder of its own; `await using` closes all of it. `restart` ends
 * the program's part, which tells LiveKit nothing, and brings it up again on the same files.
 */
import { Writable } from 'node:stream';
import request from 'supertest';
import { createEchoAgent } from '../../src/agents/echo-agent.ts';
import type { Agent } from '../../src/agents/agent-runner.ts';
import { type Colloquy, createColloquy } from '../../src/colloquy.ts';
import { parseSettings, type SettingsInput } from '../../src/config.ts';
import type { Clock } from '../../src/session/clock.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import type { FlowConfig } from '../../src/voice/flows.ts';
import { createDataFolder } from './data-folder.ts';
import { API_KEY, API_SECRET, type FakeLiveKit, startFakeLiveKit } from './fake-livekit.ts';

export const CALLBACK_SECRET = 'a secret for the reports of workers';
export const WORKER = 'voice';

export const intake: FlowConfig = {
  id: 'intake',
  agent: 'echo',
  greeting: 'Hello, how can I help?',
  locale: 'en',
  eventRoles: { 'flow.tool.called': 'supervisor', 'flow.secret.read': 'admin' },
};

export type VoiceServerOptions = {
  readonly settings?: SettingsInput;
  readonly flows?: readonly FlowConfig[];
  readonly agents?: readonly Agent[];
  readonly clock?: Clock;
};

/** What `POST /api/flows/{id}/test-audio` answers. */
export type VoiceStart = {
  readonly sessionId: string;
  readonly roomName: string;
  readonly token: string;
  readonly url: string;
  readonly participantIdentity: string;
  readonly status: string;
  readonly deadlineAt: string;
};

/** What the worker is told, and nobody else. */
export type WorkerMetadata = {
  readonly v: number;
  readonly sessionId: string;
  readonly flowId: string;
  readonly orgId: string;
  readonly participantIdentity: string;
  readonly callbackUrl: string;
  readonly callbackToken: string;
  readonly locale: string | null;
};

export type VoiceServer = AsyncDisposable & {
  readonly url: string;
  readonly folder: string;
  readonly fake: FakeLiveKit;
  readonly colloquy: Colloquy;
  /** What the program logged. */
  readonly logged: readonly Readonly<Record<string, unknown>>[];
  /** supertest; with a name: as that customer. */
  http(user?: string): ReturnType<typeof request.agent>;
  /** A voice session of the flow `intake`. */
  call(user?: string): Promise<VoiceStart>;
  /** What was told to the worker that was called into this room. */
  workerOf(start: Pick<VoiceStart, 'roomName'>): WorkerMetadata;
  /** Reports as that worker; more fields, or others, by `event`. */
  report(
    worker: WorkerMetadata,
    event: { readonly type: string; readonly [field: string]: unknown },
  ): Promise<{ readonly status: number; readonly body: Readonly<Record<string, unknown>> }>;
  /** `GET /api/voice-sessions/{id}`, as an operator. */
  state(sessionId: string): Promise<{
    readonly status: string;
    readonly readyAt: string | null;
    readonly failure: { readonly code: string; readonly reason: string | null } | null;
    readonly talkSessionId: string | null;
    readonly history: readonly { readonly status: string; readonly at: string }[];
  }>;
  restart(options?: { readonly clock?: Clock }): Promise<void>;
};

export async function startVoiceServer(options: VoiceServerOptions = {}): Promise<VoiceServer> {
  const folder = await createDataFolder();
  const fake = await startFakeLiveKit();
  const logged: Record<string, unknown>[] = [];
  const sink = new Writable({
    write(line, _encoding, done) {
      logged.push(JSON.parse(String(line)) as Record<string, unknown>);
      done();
    },
  });
  let colloquy = await start(options.clock);
  let url = await colloquy.listen();
  fake.webhookUrl = `${url}/api/livekit/webhook`;

  function start(clock: Clock | undefined): Promise<Colloquy> {
    return createColloquy({
      agents: options.agents ?? [createEchoAgent()],
      flows: options.flows ?? [intake],
      logger: createLogger(parseSettings({ logLevel: 'debug' }), sink),
      settings: {
        dataDir: folder.path,
        port: 0,
        shutdownGraceMs: 0,
        livekitUrl: fake.url,
        livekitApiKey: API_KEY,
        livekitApiSecret: API_SECRET,
        livekitAgentName: WORKER,
        voiceCallbackSecret: CALLBACK_SECRET,
        // However slow the machine is: what the answer says is what a test goes on with.
        voiceDispatchWaitMs: 20_000,
        ...options.settings,
      },
      ...(clock && { clock }),
    });
  }

  const server: VoiceServer = {
    get url() {
      return url;
    },
    folder: folder.path,
    fake,
    logged,
    get colloquy() {
      return colloquy;
    },
    http(user) {
      const agent = request.agent(url);
      return user === undefined ? agent : agent.set('X-User-Id', user);
    },
    async call(user) {
      const { status, body } = await server.http(user).post('/api/flows/intake/test-audio');
      if (status !== 201 && status !== 202) throw new Error(`${status} ${JSON.stringify(body)}`);
      return body as VoiceStart;
    },
    workerOf({ roomName }) {
      const call = fake.calls.find(
        ({ method, body }) => method === 'CreateDispatch' && body['room'] === roomName,
      );
      if (!call) throw new Error(`Nobody was called into ${roomName}.`);
      return JSON.parse(String(call.body['metadata'])) as WorkerMetadata;
    },
    async report({ sessionId, callbackUrl, callbackToken }, event) {
      const response = await fetch(callbackUrl.replace(/^http:\/\/[^/]+/, url), {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${callbackToken}` },
        body: JSON.stringify({ sessionId, timestamp: new Date().toISOString(), ...event }),
      });
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    },
    async state(sessionId) {
      const { body } = await server.http().get(`/api/voice-sessions/${sessionId}`);
      return body as Awaited<ReturnType<VoiceServer['state']>>;
    },
    async restart({ clock = options.clock } = {}) {
      await colloquy.close();
      colloquy = await start(clock);
      url = await colloquy.listen();
      fake.webhookUrl = `${url}/api/livekit/webhook`;
    },
    async [Symbol.asyncDispose]() {
      fake.release();
      await colloquy.close();
      await fake[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
  return server;
}
