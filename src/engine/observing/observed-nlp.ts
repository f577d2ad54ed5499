/**
 * A provider of language understanding that tells of every question: how long it took, what it used, what became of it. Prompts and
 * answers are told to nobody but the log, at its level `trace`.
 */
import type { AskOptions, GenerationInfo, NlpService } from '../../nlp/nlp.ts';
import type { CannedDraftInput } from '../../nlp/questions/messages.ts';
import type { QuestionName } from '../../nlp/questions/questions.ts';
import type { Attributes, Telemetry } from '../../telemetry/telemetry.ts';
import { measured, toEnding } from './measured.ts';

/** A pino logger is one. */
export type PromptLogger = {
  isLevelEnabled(level: 'trace'): boolean;
  trace(facts: object, message: string): void;
};

export type ObserveNlpOptions = {
  readonly telemetry: Telemetry;
  /** Default: prompts are told to nobody. */
  readonly logger?: PromptLogger;
};

export function observeNlp(nlp: NlpService, { telemetry, logger }: ObserveNlpOptions): NlpService {
  const model = { 'model.name': nlp.name, 'class.name': familyOf(nlp.name) };
  const { streamText, moderate } = nlp;

  return {
    name: nlp.name,

    ask: (question, input, options) =>
      telemetry.scope(question, async () => {
        const about = { ...model, 'schema.name': question };
        const beganAt = performance.now();
        try {
          const answered = await nlp.ask(question, input, options);
          const { info, answer } = answered;
          const told = { ...about, 'model.name': info.model, outcome: 'completed' };
          tellAsked(question, performance.now() - beganAt, told);
          countTokens(telemetry, info, told);
          if (logger?.isLevelEnabled('trace')) logger.trace({ question, input, answer }, 'a model was asked');
          return answered;
        } catch (failure) {
          const ending = toEnding(failure, options.signal);
          tellAsked(question, performance.now() - beganAt, { ...about, ...ending });
          if (logger?.isLevelEnabled('trace'))
            logger.trace({ question, input, err: failure, said: causeOf(failure) }, 'a model gave no answer');
          throw failure;
        }
      }),

    rank: (query, candidates, options) =>
      telemetry.span('find_similar_documents', { candidates: candidates.length }, () =>
        nlp.rank(query, candidates, options),
      ),

    ...(streamText && {
      streamText: (input: CannedDraftInput, options: AskOptions) =>
        tellStreamed(streamText.call(nlp, input, options), { telemetry, model, signal: options.signal }),
    }),

    ...(moderate && { moderate: moderate.bind(nlp) }),

    close: () => nlp.close(),
  };

  /** What the provider said itself. */
  function causeOf(failure: unknown): string | undefined {
    return failure instanceof Error && failure.cause instanceof Error ? failure.cause.message : undefined;
  }

  function tellAsked(question: QuestionName, ms: number, about: Attributes): void {
    telemetry.duration('gen', ms, about);
    const { name, batch } = durationOf[question] ?? {};
    if (name !== undefined) telemetry.duration(name, ms, batch ? { 'batch.name': question } : {});
    if (about['outcome'] === 'cancelled') return;
    const event = about['outcome'] === 'completed' ? 'gen.request_completed' : 'gen.request_failed';
    telemetry.event(event, () => ({ ...about, duration: ms }));
  }
}

/** The same provider, whose search is measured under that name as well. */
export function measureSearch(nlp: NlpService, telemetry: Telemetry, name: string): NlpService {
  return {
    ...nlp,
    rank: (query, candidates, options) =>
      measured(telemetry, { as: [name], signal: options.signal }, () => nlp.rank(query, candidates, options)),
  };
}

/** What some questions are part of, and measured as besides. */
const durationOf: Partial<Record<QuestionName, { readonly name: string; readonly batch?: true }>> = {
  observational: { name: 'gm.batch', batch: true },
  actionable: { name: 'gm.batch', batch: true },
  low_criticality: { name: 'gm.batch', batch: true },
  previously_applied: { name: 'gm.batch', batch: true },
  customer_dependent: { name: 'gm.batch', batch: true },
  disambiguation: { name: 'gm.batch', batch: true },
  next_step: { name: 'gm.batch', batch: true },
  backtrack_check: { name: 'gm.batch', batch: true },
  backtrack_selection: { name: 'gm.batch', batch: true },
  tools_simple: { name: 'gm.batch', batch: true },
  tools_full: { name: 'gm.batch', batch: true },
  tools_overlapping: { name: 'gm.batch', batch: true },
  response_analysis: { name: 'ra.batch', batch: true },
  preamble: { name: 'canrep.preamble' },
  canned_draft: { name: 'canrep.draft' },
  selection: { name: 'canrep.selection' },
  recomposition: { name: 'canrep.recompose' },
};

function countTokens(
  telemetry: Pick<Telemetry, 'count'>,
  { question, model, usage }: GenerationInfo,
  { 'class.name': family = '' }: Attributes,
): void {
  const about = { 'schema.name': question, 'model.name': model, 'class.name': family };
  const { inputTokens, outputTokens, cachedInputTokens = 0 } = usage;
  if (inputTokens > 0) telemetry.count('input_tokens', inputTokens, about);
  if (outputTokens > 0) telemetry.count('output_tokens', outputTokens, about);
  if (cachedInputTokens > 0) telemetry.count('cached_input_tokens', cachedInputTokens, about);
}

type Streaming = {
  readonly telemetry: Telemetry;
  readonly model: Attributes;
  readonly signal: AbortSignal;
};

/** Fast is what begins soon: the time to the first piece counts. */
async function* tellStreamed(
  pieces: AsyncIterable<string>,
  { telemetry, model, signal }: Streaming,
): AsyncGenerator<string, void> {
  const about = { ...model, 'schema.name': 'streaming_text' };
  const beganAt = performance.now();
  let firstMs: number | undefined;
  telemetry.event('stream.request_started', () => about);
  try {
    for await (const piece of pieces) {
      firstMs ??= performance.now() - beganAt;
      yield piece;
    }
  } catch (failure) {
    const ending = toEnding(failure, signal);
    telemetry.duration('stream', performance.now() - beganAt, { ...about, ...ending });
    if (!signal.aborted) telemetry.event('stream.request_failed', () => ({ ...about, ...ending }));
    throw failure;
  }
  const wholeMs = performance.now() - beganAt;
  telemetry.duration('stream', firstMs ?? wholeMs, { ...about, outcome: 'completed' });
  telemetry.event('stream.request_completed', () => ({ ...about, duration: wholeMs }));
}

/** `anthropic` of `anthropic/claude…`. */
function familyOf(name: string): string {
  return name.split('/', 1)[0] ?? name;
}
