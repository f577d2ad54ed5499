/**
 * A question that is asked until its answer can be used: an answer that fits its schema may still say something that makes no sense
 * here, and the next one, made a little more or less freely, may not.
 */
import type { NlpService } from '../../nlp/nlp.ts';
import type { AnswerOf, QuestionInputs, QuestionName } from '../../nlp/questions/questions.ts';

export type Asking<Name extends QuestionName, Result> = {
  readonly question: Name;
  readonly input: QuestionInputs[Name];
  /** Throws where the answer cannot be used. */
  readonly take: (answer: AnswerOf<Name>) => Result;
  readonly signal: AbortSignal;
  /** One for each time it is asked at most. */
  readonly temperatures?: readonly number[];
};

const usualTemperatures = [0.15, 0.3, 0.1];

/** Rejects with the last failure, or with the signal's reason. */
export async function askForUsable<Name extends QuestionName, Result>(
  nlp: Pick<NlpService, 'ask'>,
  { question, input, take, signal, temperatures = usualTemperatures }: Asking<Name, Result>,
): Promise<Result> {
  let failure: unknown;
  for (const temperature of temperatures) {
    try {
      const { answer } = await nlp.ask(question, input, { temperature, signal });
      return take(answer);
    } catch (error) {
      signal.throwIfAborted();
      failure = error;
    }
  }
  throw failure;
}
