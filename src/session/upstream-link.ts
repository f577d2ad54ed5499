/**
 * The actors `poll` and `run` of sessions whose agent lives on another server: one long-poll per call, and a customer's message handed
 * on. Waiting and trying again are states of the machine; here is what must be true in between: what was received and how far it was
 * read are one commit, and a message is posted once, in order, whatever is interrupted meanwhile.
 */
import { toRetryAt } from '../upstream/backoff.ts';
import { UpstreamFeed } from './upstream-feed.ts';
import { UpstreamOutbox } from './upstream-outbox.ts';
import type { UpstreamOptions } from './upstream-options.ts';
import { UpstreamSessions } from './upstream-sessions.ts';

/** The same for every session, however many servers. */
export type UpstreamLink = Pick<UpstreamFeed, 'poll'> & Pick<UpstreamOutbox, 'run'>;

export function createUpstreamLink(options: UpstreamOptions): UpstreamLink {
  const retryAt = (failures: number) => toRetryAt({ failures, now: options.clock.now() });
  const sessions = new UpstreamSessions({ ...options, retryAt });
  const feed = new UpstreamFeed({ ...options, sessions, retryAt });
  const outbox = new UpstreamOutbox({ ...options, sessions, retryAt });
  return {
    poll: (place, input, signal) => feed.poll(place, input, signal),
    run: (place, run) => outbox.run(place, run),
  };
}
