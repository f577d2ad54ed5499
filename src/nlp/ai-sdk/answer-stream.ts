/** An answer as running text, piece by piece. Until its first piece a stream that fails is begun again; after it, it cannot be. */
import type { Clock } from '../../session/clock.ts';
import type { AskOptions } from '../nlp.ts';
import type { CannedDraftInput } from '../questions/messages.ts';
import type { Concessions } from './concessions.ts';
import type { Exchange } from './exchange.ts';
import { streamAnswer, type Usage } from './generation.ts';
import type { Measure, Measured } from './measure.ts';
import { toFailure } from './model-failure.ts';
import type { ModelProvider } from './model-provider.ts';
import { streamedText } from './prompts/answering.ts';
import type { TimeLimit } from './time-limit.ts';
import { toWordPieces } from './word-pieces.ts';

export type AnswerStreamOptions = {
  readonly provider: ModelProvider;
  readonly exchange: Exchange;
  readonly measure: Measure;
  readonly concessions: Concessions;
  readonly clock: Clock;
};

const question = 'streaming_text';

type Opened = {
  readonly first: IteratorResult<string, Usage>;
  readonly rest: AsyncIterator<string, Usage>;
  readonly request: Measured;
};

/** Rejects as `ask` does. */
export function createAnswerStream({ provider, exchange, measure, concessions, clock }: AnswerStreamOptions) {
  return async function* streamText(
    input: CannedDraftInput,
    { temperature, signal }: AskOptions,
  ): AsyncIterable<string> {
    const within = exchange.limit(signal);
    try {
      yield* toWordPieces(deltas(input, temperature, within));
    } catch (error) {
      throw exchange.toError(error, signal);
    } finally {
      within.stop();
    }
  };

  async function* deltas(
    input: CannedDraftInput,
    temperature: number,
    within: TimeLimit,
  ): AsyncGenerator<string, void> {
    const { first, rest, request } = await within.during(() =>
      exchange.callWithin(() => open(input, temperature, within), within),
    );
    try {
      let next = first;
      for (; !next.done; next = await within.during(() => rest.next())) yield next.value;
      request.succeeded(next.value);
    } catch (error) {
      request.failed(error);
      within.throwIfOver();
      throw error;
    }
  }

  /** Resolves with the first piece. */
  async function open(input: CannedDraftInput, temperature: number, within: TimeLimit): Promise<Opened> {
    const { signal } = within;
    for (;;) {
      const asking = concessions.asking(question);
      const request = measure.begin({ kind: 'stream', signal });
      try {
        const rest = streamAnswer(streamedText(input, { now: clock.now() }), {
          provider,
          asking,
          temperature,
          signal,
        });
        const first = await rest.next();
        request.stopTime();
        return { first, rest, request };
      } catch (error) {
        request.failed(error);
        if (!concessions.concede(question, toFailure(error, clock.now()))) throw error;
      }
    }
  }
}
