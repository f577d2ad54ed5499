/**
 * How composers ask. An answer that could not be had is told from everything else that goes wrong: only generation is tried again, so
 * that nothing is said twice.
 */
import { NlpError } from '../../errors.ts';
import type { NlpService } from '../../nlp/nlp.ts';
import type { AnswerOf, QuestionInputs, QuestionName } from '../../nlp/questions/questions.ts';
import { orAborted } from './heed-signal.ts';

/** Wraps what the provider said (`cause`); caught by whoever tries again or does without. */
export class GenerationFailure extends Error {
  constructor(cause: unknown) {
    super('There is no usable answer.', { cause });
  }
}

export interface Ask {
  /** Rejects with `GenerationFailure`, or with the signal's reason. */
  <Name extends QuestionName>(
    question: Name,
    input: QuestionInputs[Name],
    temperature: number,
  ): Promise<AnswerOf<Name>>;
}

export function createAsk(nlp: Pick<NlpService, 'ask'>, signal: AbortSignal): Ask {
  return async (question, input, temperature) => {
    signal.throwIfAborted();
    const asked = nlp.ask(question, input, { temperature, signal });
    const { answer } = await generated(asked, signal);
    return answer;
  };
}

/** Rejects with `GenerationFailure`, or with the signal's reason. */
export async function generated<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  try {
    return await orAborted(work, signal);
  } catch (error) {
    signal.throwIfAborted();
    throw new GenerationFailure(error);
  }
}

/** For answers that fit their schema and say nothing. */
export function saysNothing({ name }: Pick<NlpService, 'name'>, what: string): GenerationFailure {
  return new GenerationFailure(new NlpError(name, `${what} is empty`));
}
