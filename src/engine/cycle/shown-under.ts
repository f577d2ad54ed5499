/** An actor that inspectors show below another one, and that may live longer. */
import type { AnyActorRef } from 'xstate';

/** As the parent of such an actor: the same, but it does not hear of the end of its child. XState warns of what is told to an actor that has ended. */
export function shownUnder(actor: AnyActorRef): AnyActorRef {
  return Object.create(actor, { _send: { value: ignore } }) as AnyActorRef; // everything but this is inherited
}

function ignore(): void {}
