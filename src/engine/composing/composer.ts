/** What an agent says: the composer of its mode, and silence where there is nothing to answer. */
import type { NlpService } from '../../nlp/nlp.ts';
import type { Composer } from '../stages.ts';
import type { TurnContext } from '../turn-context.ts';
import { composeCanned } from './canned-composer.ts';
import { toComposing } from './composing.ts';
import { effectiveMode } from './effective-mode.ts';
import { composeFluid } from './fluid-composer.ts';
import { matchesOf } from './message-input.ts';
import { sayPreamble } from './preamble.ts';
import { createTemplateReader } from './template-reader.ts';

export type ComposerOptions = {
  readonly nlp: NlpService;
  /** From 0 up to 1. Default: `Math.random`. */
  readonly random?: () => number;
};

export function createComposer({ nlp, random = Math.random }: ComposerOptions): Composer {
  const readTemplate = createTemplateReader();
  return {
    async preamble(turn, voice) {
      const { compositionMode } = turn.agent;
      // Where nobody has said anything, nobody waits.
      if (compositionMode === 'fluid' || turn.events.length === 0) return false;
      const mode = effectiveMode(compositionMode, matchesOf(turn));
      return sayPreamble(toComposing({ nlp, readTemplate, voice }, turn), { mode, random });
    },

    async compose(turn, voice) {
      if (hasNothingToAnswer(turn)) return { said: [] };
      const { compositionMode } = turn.agent;
      const work = toComposing({ nlp, readTemplate, voice }, turn);
      if (compositionMode === 'fluid') return composeFluid(work);
      return composeCanned(work, effectiveMode(compositionMode, matchesOf(turn)));
    },
  };
}

function hasNothingToAnswer(turn: TurnContext): boolean {
  return turn.events.length === 0 && matchesOf(turn).length === 0;
}
