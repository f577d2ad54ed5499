/** How a composer is heard in a turn: fenced by the log, in the turn's time, past the program's hooks. */
import type { TurnEvent, TurnVoice } from '../../agents/agent-runner.ts';
import type { ComposerVoice } from '../stages.ts';
import { hook } from './hooks.ts';
import type { TurnWork } from './turn-work.ts';

export type ComposerVoiceOptions = {
  readonly work: TurnWork;
  readonly voice: TurnVoice;
  /** Once, when the text exists. */
  readonly onText: () => void;
  /** Ends pauses. */
  readonly signal: AbortSignal;
};

export function createComposerVoice({ work, voice, onText, signal }: ComposerVoiceOptions): ComposerVoice {
  const { clock } = work.deps;
  return {
    told: voice.told,

    async emit(events) {
      const emitted = voice.emit(events);
      // What is not a message is only news: the next message waits for it.
      if (events.some(({ kind }) => kind === 'message')) await emitted;
    },
    commitTo(rest) {
      onText();
      voice.commitTo(rest);
    },
    async stream(pieces, about) {
      await work.turn.say(pieces, about);
    },
    pause: (seconds) => clock.waitUntil(clock.now() + seconds * 1_000, signal),
    hook: (name, text) => hook(work, name, { text }),
  };
}

/** What a preamble is said through: nothing of it is an answer. */
export function createPreambleVoice(work: TurnWork, signal: AbortSignal): ComposerVoice {
  const { voice } = work.turn;
  const composer = createComposerVoice({ work, voice, onText() {}, signal });
  return {
    ...composer,
    commitTo() {},
    async emit(events: readonly TurnEvent[]) {
      await composer.emit(events);
    },
  };
}
