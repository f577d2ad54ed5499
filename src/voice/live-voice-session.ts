/** One voice session in memory: its actor, and what its host must remember beside the statechart. */
import { type ActorRefFrom, createActor, type InspectionEvent } from 'xstate';
import type { VoiceSessionEvent, voiceSessionMachine } from '../../machines/voice-session.machine.ts';
import type { VoiceSession } from './voice-session.ts';

/** The machine with its actors and its action provided. */
export type VoiceLogic = typeof voiceSessionMachine;

type Options = {
  readonly session: VoiceSession;
  readonly logic: VoiceLogic;
  readonly onOver: () => void;
  readonly onError: (error: unknown) => void;
  readonly inspect?: (event: InspectionEvent) => void;
};

export class LiveVoiceSession {
  /** As of everything queued to be stored. */
  session: VoiceSession;
  /** When the last change of status is on disk. */
  written: Promise<void> = Promise.resolve();
  /** LiveKit is being asked to make the room. */
  dispatching: Promise<unknown> = Promise.resolve();
  readonly #actor: ActorRefFrom<VoiceLogic>;
  readonly #leftPending = Promise.withResolvers<void>();

  constructor({ session, logic, onOver, onError, inspect }: Options) {
    this.session = session;
    const { id, deadlineAt } = session;
    this.#actor = createActor(logic, {
      // What inspectors call it.
      id,
      input: { sessionId: id, deadlineAt },
      ...(inspect && { inspect }),
    });
    this.#actor.subscribe({
      complete: () => {
        // An actor that is stopped is complete as well.
        if (this.#actor.getSnapshot().status === 'done') onOver();
      },
      error: onError,
    });
    this.#actor.start();
    if (session.status !== 'pending') this.leavePending();
  }

  /** Resolves when it is on disk that the session is not `pending` any more. */
  get leftPending(): Promise<void> {
    return this.#leftPending.promise;
  }

  leavePending(): void {
    this.#leftPending.resolve();
  }

  /** Whether the statechart makes anything of this event. */
  can(event: VoiceSessionEvent): boolean {
    return this.#actor.getSnapshot().can(event);
  }

  send(event: VoiceSessionEvent): void {
    this.#actor.send(event);
  }

  /** Stops the actor without effects. */
  abandon(): void {
    this.#actor.stop();
  }
}
