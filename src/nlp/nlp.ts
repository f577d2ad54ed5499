/**
 * The port of language understanding: everything the engine cannot decide by rules. The engine asks named questions with plain data;
 * how they are answered (lexically on this machine, or by a language model through a prompt) is the provider's business.
 */
import type { AnswerOf, QuestionInputs, QuestionName } from './questions/questions.ts';
import type { CannedDraftInput } from './questions/messages.ts';

export type AskOptions = {
  /** 0 to 2; providers that have none ignore it. */
  readonly temperature: number;
  readonly signal: AbortSignal;
};

/** What answering cost. */
export type GenerationInfo = {
  readonly question: QuestionName | 'streaming_text';
  readonly model: string;
  readonly durationMs: number;
  readonly usage: {
    readonly inputTokens: number;
    readonly outputTokens: number;
    readonly cachedInputTokens?: number;
  };
};

export type Answered<Name extends QuestionName> = {
  /** Fits the question's schema. */
  readonly answer: AnswerOf<Name>;
  readonly info: GenerationInfo;
};

/** What may be found: an entity, with all texts it may be found by. */
export type Findable = { readonly id: string; readonly texts: readonly string[] };

/** Near to 1: the same; near to 0: nothing in common. */
export type Ranked = { readonly id: string; readonly score: number };

export const moderationTags = [
  'jailbreak',
  'harassment',
  'hate',
  'illicit',
  'self-harm',
  'sexual',
  'violence',
] as const;
export type ModerationTag = (typeof moderationTags)[number];

export type Moderated = { readonly flagged: boolean; readonly tags: readonly ModerationTag[] };

export interface NlpService {
  /** For logs, metrics and `/healthz`: `offline`, `anthropic/claude…`. */
  readonly name: string;
  /** Rejects with `NlpError`, or with the signal's reason. */
  ask<Name extends QuestionName>(
    question: Name,
    input: QuestionInputs[Name],
    options: AskOptions,
  ): Promise<Answered<Name>>;
  /** The answer as running text, piece by piece. Undefined: this provider cannot. */
  readonly streamText?: (input: CannedDraftInput, options: AskOptions) => AsyncIterable<string>;
  /** Nearest first, each once; the nearest text of an entity counts. An empty query finds nothing. */
  rank(
    query: string,
    candidates: readonly Findable[],
    options: Pick<AskOptions, 'signal'>,
  ): Promise<readonly Ranked[]>;
  /** Undefined: this provider has none, and nothing is ever flagged. */
  readonly moderate?: (text: string, options: Pick<AskOptions, 'signal'>) => Promise<Moderated>;
  close(): Promise<void>;
}
