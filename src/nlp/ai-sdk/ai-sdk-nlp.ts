/**
 * Language understanding by a language model: each question becomes a prompt, and what the model writes is read by the question's schema.
 * Who the model is and how it is reached is the provider's business (`providers/`).
 */
import { type Clock, systemClock } from '../../session/clock.ts';
import type { NlpService } from '../nlp.ts';
import { createConcessions } from './concessions.ts';
import { createEmbeddingRanking } from './embedding-ranking.ts';
import { createExchange } from './exchange.ts';
import { generateAnswer } from './generation.ts';
import { createMeasure, type NlpRequest } from './measure.ts';
import { toFailure } from './model-failure.ts';
import type { ModelProvider } from './model-provider.ts';
import { toPrompt, type AnswerablePrompt } from './prompts/prompts.ts';
import type { QuestionName } from '../questions/questions.ts';
import { readAnswer } from './read-answer.ts';
import { createAnswerStream } from './answer-stream.ts';

export type NlpLogger = {
  /** Prompts and answers: they hold what customers say. */
  trace(facts: object, message: string): void;
};

export type AiSdkNlpOptions = {
  readonly provider: ModelProvider;
  /** For providers without embeddings. */
  readonly fallbackRank: NlpService['rank'];
  /** Default: the machine's own. */
  readonly clock?: Clock;
  /** Told of every request, also of those that failed and were made again. */
  readonly onRequest?: (request: NlpRequest) => void;
  readonly logger?: NlpLogger;
};

export function createAiSdkNlp({
  provider,
  fallbackRank,
  clock = systemClock,
  onRequest = () => undefined,
  logger,
}: AiSdkNlpOptions): NlpService {
  const { model, embeddings, moderation } = provider;
  const name = `${provider.id}/${model.modelId}`;
  const exchange = createExchange({ name, clock });
  const measure = createMeasure({ provider: name, clock, onRequest });
  const concessions = createConcessions(provider.answerModes);

  /** One try at an answer; what the provider does not take is left out at once. */
  async function attempt<Name extends QuestionName>(
    question: Name,
    prompt: AnswerablePrompt,
    options: { readonly temperature: number; readonly signal: AbortSignal },
  ) {
    for (;;) {
      const asking = concessions.asking(question);
      try {
        return await measure.during({ kind: 'generate', question, signal: options.signal }, async (note) => {
          const { text, usage } = await generateAnswer(question, prompt, { provider, asking, ...options });
          note(usage);
          logger?.trace({ question, text }, 'model answered');
          return { answer: readAnswer(question, text), usage };
        });
      } catch (error) {
        if (!concessions.concede(question, toFailure(error, clock.now()))) throw error;
      }
    }
  }

  return {
    name,

    async ask(question, input, { temperature, signal }) {
      const startedAt = clock.now();
      const prompt = toPrompt(question, input, { now: startedAt });
      logger?.trace({ question, prompt: prompt.instructions, material: prompt.material }, 'model asked');
      const { answer, usage } = await exchange.call(
        (request) => attempt(question, prompt, { temperature, signal: request.signal }),
        { signal },
      );
      return { answer, info: { question, model: model.modelId, durationMs: clock.now() - startedAt, usage } };
    },

    streamText: createAnswerStream({ provider, exchange, measure, concessions, clock }),

    rank: embeddings ? createEmbeddingRanking({ embeddings, exchange, measure }) : fallbackRank,

    ...(moderation && {
      moderate: (text: string, { signal }: { readonly signal: AbortSignal }) =>
        exchange.call(
          (request) =>
            measure.during({ kind: 'moderate', signal: request.signal }, () =>
              moderation.moderate(text, request.signal),
            ),
          { signal },
        ),
    }),

    close: async () => undefined,
  };
}
