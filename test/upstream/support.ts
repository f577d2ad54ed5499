/** A small Parlant server and the real client in front of it, both ended by `await using`. */
import {
  createParlantUpstream,
  type ParlantUpstream,
  type ParlantUpstreamOptions,
} from '../../src/upstream/parlant-upstream.ts';
import type { FindOutcome, PollOutcome, PostOutcome, UpstreamError } from '../../src/upstream/upstream.ts';
import {
  type ParlantServer,
  type ParlantServerOptions,
  startParlantServer,
} from '../support/parlant-upstream.ts';

type Options = Partial<ParlantUpstreamOptions> & { readonly server?: ParlantServerOptions };

export type Place = AsyncDisposable & {
  readonly server: ParlantServer;
  readonly upstream: ParlantUpstream;
  readonly signal: AbortSignal;
  readonly abort: (reason: unknown) => void;
  /** A session of the server. */
  readonly sessionId: string;
  readonly poll: (sessionId: string, minOffset?: number, waitSeconds?: number) => Promise<PollOutcome>;
  readonly post: (sessionId: string, text?: string, id?: string) => Promise<PostOutcome>;
  readonly find: (sessionId: string, colloquyEventId?: string) => Promise<FindOutcome>;
};

export async function startUpstream({ server: serverOptions, ...options }: Options = {}): Promise<Place> {
  const server = await startParlantServer({ reply: 'none', ...serverOptions });
  const upstream = createParlantUpstream({ url: server.url, ...options });
  const controller = new AbortController();
  const { signal } = controller;
  return {
    server,
    upstream,
    signal,
    abort: (reason: unknown) => controller.abort(reason),
    sessionId: server.createSession(),
    poll: (sessionId: string, minOffset = 0, waitSeconds = 60) =>
      upstream.poll({ sessionId, minOffset, waitSeconds, signal }),
    post: (sessionId: string, text = 'Hello', id = 'ours') =>
      upstream.postMessage({ sessionId, text, metadata: { colloquy_event_id: id }, signal }),
    find: (sessionId: string, colloquyEventId = 'ours') =>
      upstream.findPosted({ sessionId, colloquyEventId, signal }),
    async [Symbol.asyncDispose]() {
      await upstream.close();
      await server.stop();
    },
  };
}

/** The outcome of something that went wrong: its kind and code. */
export function brief(outcome: { readonly kind: string; readonly error?: UpstreamError }): string {
  return outcome.error ? `${outcome.kind} ${outcome.error.code}` : outcome.kind;
}
