/** The sessions on other servers: one behind each of ours, made at the first need and remembered. */
import type { UpstreamPlace } from '../agents/agent-runner.ts';
import type { Log } from '../event-log/event-log.ts';
import type { SessionRecord, UpstreamPosition } from '../event-log/session-record.ts';
import type { PollOutput } from '../../machines/session.machine.ts';
import { newPosition } from './receive-upstream.ts';

export type Ensured =
  | { readonly kind: 'ready'; readonly position: UpstreamPosition }
  | Extract<PollOutput, { kind: 'failed' | 'refused' }>;

type UpstreamSessionsOptions = {
  readonly log: Log;
  readonly ended: AbortSignal;
  readonly retryAt: (failures: number) => number;
};

export class UpstreamSessions {
  readonly #options: UpstreamSessionsOptions;
  /** Being made: poll and run may need the same one at once. */
  readonly #making = new Map<string, Promise<Ensured>>();

  constructor(options: UpstreamSessionsOptions) {
    this.#options = options;
  }

  /** The session's position, with a session made upstream if there is none. */
  async ensure(place: UpstreamPlace, sessionId: string): Promise<Ensured> {
    const { log } = this.#options;
    const session = await log.getSession(sessionId);
    if (session?.upstream?.sessionId) return { kind: 'ready', position: session.upstream };
    const underWay = this.#making.get(sessionId);
    if (underWay) return underWay;
    const making = this.#make(place, sessionId, session).finally(() => this.#making.delete(sessionId));
    this.#making.set(sessionId, making);
    return making;
  }

  async #make(place: UpstreamPlace, sessionId: string, session: SessionRecord | undefined): Promise<Ensured> {
    const { log, ended, retryAt } = this.#options;
    const made = await place.server.createSession({
      agentId: place.agentId,
      ...(session?.title && { title: session.title }),
      metadata: { colloquy_session_id: sessionId },
      signal: ended,
    });
    if (made.kind === 'failed') return { ...made, retryAt: retryAt(0) };
    if (made.kind === 'refused') return made;
    // What was said to a session that is gone is not said again.
    const posted =
      (session?.waiting[0]?.offset ?? session?.openRun?.triggerOffset ?? session?.nextOffset ?? 0) - 1;
    let position = newPosition(made.sessionId, posted);
    await log.receive(sessionId, ({ upstream }) => {
      position = { ...position, outage: upstream?.outage ?? false };
      return { drafts: [], upstream: position, closesRun: false };
    });
    return { kind: 'ready', position };
  }
}
