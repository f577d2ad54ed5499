/** Brings what the user says to the server: once, however often it has to be tried. */
import { RefusedError, type Api } from './api.ts';
import { notShown, type Outgoing } from './state/outbox.ts';
import type { PageStore } from './state/page-store.ts';
import type { SessionEvent } from './wire.ts';

export type DeliveryOptions = {
  readonly store: PageStore;
  readonly apiOf: () => Api;
};

/** A server that answers streams but not commands is asked again after so long. */
const AGAIN_MS = 3_000;

export function createDelivery({ store, apiOf }: DeliveryOptions) {
  // Of a tab that was reloaded while it sent.
  for (const outgoing of outbox()) if (outgoing.state.is !== 'refused') void deliver(outgoing);

  return {
    send,

    /** Once more, after a refusal: with a key of its own, for the server keeps what it answered to the last one. */
    resend: (key: string): void => {
      const outgoing = outbox().find((each) => each.key === key);
      drop(key);
      if (outgoing) send(outgoing.sessionId, outgoing.text);
    },

    discard: drop,

    /** What could not be brought while the server was away. */
    resendOffline(): void {
      for (const outgoing of outbox()) if (outgoing.state.is === 'offline') void deliver(outgoing);
    },

    /** The log has grown: what it shows is not on its way any more. */
    shown(sessionId: string, events: readonly SessionEvent[]): void {
      const own = outbox().filter((each) => each.sessionId === sessionId);
      const left = new Set(notShown(own, sessionId, events));
      const rest = outbox().filter((each) => each.sessionId !== sessionId || left.has(each));
      if (rest.length < outbox().length) keep(rest);
    },
  };

  function send(sessionId: string, text: string): void {
    const outgoing: Outgoing = {
      key: crypto.getRandomValues(new Uint32Array(4)).join('-'),
      sessionId,
      text,
      after: store.getSnapshot().context.log.lastOffset,
      state: { is: 'sending' },
      eventId: null,
    };
    keep([...outbox(), outgoing]);
    void deliver(outgoing);
  }

  function outbox(): readonly Outgoing[] {
    return store.getSnapshot().context.outbox;
  }

  function keep(outgoing: readonly Outgoing[]): void {
    store.trigger.outboxChanged({ outbox: outgoing });
  }

  function drop(key: string): void {
    keep(outbox().filter((each) => each.key !== key));
  }

  function change(key: string, change: Partial<Outgoing>): void {
    keep(outbox().map((each) => (each.key === key ? { ...each, ...change } : each)));
  }

  async function deliver({
    key,
    sessionId,
    text,
  }: Pick<Outgoing, 'key' | 'sessionId' | 'text'>): Promise<void> {
    change(key, { state: { is: 'sending' } });
    try {
      const { id } = await apiOf().say(sessionId, { text, key });
      const isSeen = store.getSnapshot().context.openId === sessionId;
      if (isSeen) change(key, { eventId: id });
      else drop(key);
    } catch (error) {
      if (error instanceof RefusedError) {
        change(key, { state: { is: 'refused', reason: error.message } });
        return;
      }
      change(key, { state: { is: 'offline' } });
      setTimeout(() => isOffline(key) && void deliver({ key, sessionId, text }), AGAIN_MS);
    }
  }

  function isOffline(key: string): boolean {
    return outbox().some((each) => each.key === key && each.state.is === 'offline');
  }
}
