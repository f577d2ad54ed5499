/**
 * What a provider turned out not to take: a temperature, a say in how long it thinks, an answer held to a schema. Vendors, models and
 * proxies differ and change, so nobody lists it: what was refused is left out from then on, for as long as the program runs.
 */
import type { ModelFailure } from './model-failure.ts';

/** How an answer is asked for: held to its schema, held to be JSON, or only told so in the prompt. */
export type AnswerMode = 'schema' | 'json' | 'text';

export type Asking = {
  readonly mode: AnswerMode;
  readonly withTemperature: boolean;
  readonly withReasoning: boolean;
};

export type Concessions = {
  /** What is still tried with that question. */
  asking(question: string): Asking;
  /** Leaves out what was refused; false: there is nothing that it could have been. */
  concede(question: string, failure: ModelFailure): boolean;
};

/** `modes`: those that the provider may know, the best one first. */
export function createConcessions(modes: readonly [AnswerMode, ...AnswerMode[]]): Concessions {
  let withTemperature = true;
  let withReasoning = true;
  /** Some schemas are taken and others are not. */
  const modeOf = new Map<string, number>();

  const modeAt = (question: string): number => modeOf.get(question) ?? 0;

  return {
    asking: (question) => ({
      mode: modes[modeAt(question)] ?? modes[0],
      withTemperature,
      withReasoning,
    }),
    concede(question, { kind, cause }) {
      if (kind !== 'rejected') return false;
      const said = cause instanceof Error ? cause.message : '';
      if (withTemperature && /temperature|sampling/i.test(said)) withTemperature = false;
      else if (withReasoning && /reasoning|thinking|effort/i.test(said)) withReasoning = false;
      else if (modeAt(question) < modes.length - 1 && formatWords.test(said))
        modeOf.set(question, modeAt(question) + 1);
      else return false;
      return true;
    },
  };
}

const formatWords =
  /schema|response.?format|output.?(?:format|config)|text\.format|structured|json|grammar|tool_choice/i;
