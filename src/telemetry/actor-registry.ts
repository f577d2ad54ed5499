/** Which actors live now, system by system, so that an inspector that joins late can be told of them. */
import type { ActorRefLike, InspectionEvent } from 'xstate';

/** Actors of one system, the root first. */
export type ActorSystem = { readonly rootId: string; readonly actors: ReadonlySet<ActorRefLike> };

export type ActorRegistry = {
  readonly note: (event: InspectionEvent) => void;
  /** Whose actors are alive, oldest first. */
  readonly systems: () => Iterable<ActorSystem>;
  readonly system: (rootId: string) => ActorSystem | undefined;
};

export function createActorRegistry(): ActorRegistry {
  const systems = new Map<string, { rootId: string; actors: Set<ActorRefLike> }>();

  function register(rootId: string, actor: ActorRefLike): void {
    const system = systems.get(rootId);
    if (system) system.actors.add(actor);
    else systems.set(rootId, { rootId, actors: new Set([actor]) });
  }

  function forget(rootId: string, actor: ActorRefLike): void {
    if (actor.sessionId === rootId) systems.delete(rootId);
    else systems.get(rootId)?.actors.delete(actor);
  }

  /** A root that failed in a transition says nothing of its end. */
  function sweep(): void {
    for (const { rootId, actors } of systems.values()) {
      for (const actor of actors) if (actor.getSnapshot().status !== 'active') forget(rootId, actor);
    }
  }

  return {
    note: ({ type, rootId, actorRef, ...event }) => {
      if (type === '@xstate.actor') register(rootId, actorRef);
      if (type === '@xstate.snapshot' && 'snapshot' in event && event.snapshot.status !== 'active')
        forget(rootId, actorRef);
    },
    systems: () => {
      sweep();
      return systems.values();
    },
    system: (rootId) => systems.get(rootId),
  };
}
