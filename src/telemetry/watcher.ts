/**
 * One connected inspector. It is told of the actors that live, at the pace it reads, and of everything that happens to them from then
 * on. One that reads slower than things happen is cut: gaps would show it states that are not.
 */
import { createInspector as createFrames } from '@statelyai/inspect';
import { setTimeout as wait } from 'node:timers/promises';
import type { ActorRefLike, InspectionEvent } from 'xstate';
import type { WebSocket } from 'ws';
import type { ActorRegistry, ActorSystem } from './actor-registry.ts';
import { toWire } from './inspector-frames.ts';

/** Introducing actors waits while so many bytes are unread … */
const PAUSE_BYTES = 1024 * 1024;
/** … and an inspector with more of them is cut. */
const LIMIT_BYTES = 8 * 1024 * 1024;

export type Watcher = {
  /** Takes part in what happens; costs nothing in the actor's own step but a timer. */
  readonly see: (event: InspectionEvent) => void;
};

export function createWatcher(options: {
  readonly socket: WebSocket;
  readonly actors: ActorRegistry;
  readonly includeText: boolean;
  /** Show only the session of this id. */
  readonly session: string | null;
}): Watcher {
  const { socket, actors, includeText, session } = options;
  const introduced = new WeakSet<ActorRefLike>();
  const frames = createFrames({
    send: (frame) => {
      if (socket.readyState !== socket.OPEN) return;
      socket.send(toWire(frame, { includeText }));
      if (socket.bufferedAmount > LIMIT_BYTES) socket.terminate();
    },
  });
  const tell = (event: InspectionEvent): void => frames.inspect.next?.(event);

  function see(event: InspectionEvent): void {
    // An actor is told of before it can be asked anything; where that matters, its first event introduces it.
    if (event.type === '@xstate.actor' && session !== null) return;
    const system = actors.system(event.rootId);
    if (event.type === '@xstate.actor') introduced.add(event.actorRef);
    else if (system && !isWanted(system)) return;
    else if (system && !introduced.has(event.actorRef)) introduce(system);
    tell(event);
  }

  function introduce({ rootId, actors }: ActorSystem): void {
    for (const actorRef of actors) {
      if (introduced.has(actorRef)) continue;
      introduced.add(actorRef);
      tell({ type: '@xstate.actor', rootId, actorRef });
    }
  }

  function isWanted(system: ActorSystem): boolean {
    if (session === null) return true;
    const [root] = system.actors;
    return root !== undefined && sessionOf(root) === session;
  }

  async function introduceAll(): Promise<void> {
    let some = 0;
    for (const system of actors.systems()) {
      if (!isWanted(system)) continue;
      introduce(system);
      if (++some % 20 !== 0) continue;
      // The library makes its frames in timers: only behind them the socket knows what is unread.
      await wait(0);
      while (socket.bufferedAmount > PAUSE_BYTES && socket.readyState === socket.OPEN) await wait(10);
      if (socket.readyState !== socket.OPEN) return;
    }
  }

  void introduceAll();
  return { see };
}

function sessionOf(root: ActorRefLike): unknown {
  const snapshot = root.getSnapshot() as { context?: { sessionId?: unknown } }; // any logic's snapshot
  return snapshot.context?.sessionId;
}
