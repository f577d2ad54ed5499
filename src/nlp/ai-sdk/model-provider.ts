/** A provider, ready to be asked: made by one of the files in `providers/`. */
import type { EmbeddingModel, generateText } from 'ai';
import type { Moderated } from '../nlp.ts';
import type { AnswerMode } from './concessions.ts';
import type { ChatModel } from './without-warnings.ts';

type CallOptions = Parameters<typeof generateText>[0];

export type ModelProvider = {
  /** As in `NLP`. */
  readonly id: string;
  readonly model: ChatModel;
  /** The best one first. */
  readonly answerModes: readonly [AnswerMode, ...AnswerMode[]];
  /** How long the model thinks before it answers; absent: as long as it does by itself. Prompts ask for reasons anyway. */
  readonly reasoning?: NonNullable<CallOptions['reasoning']>;
  /** Absent: what the provider allows. */
  readonly maxOutputTokens?: number;
  readonly providerOptions?: NonNullable<CallOptions['providerOptions']>;
  readonly embeddings?: Embeddings;
  readonly moderation?: ModerationService;
};

export type Embeddings = {
  readonly model: Exclude<EmbeddingModel, string>;
  /** Texts of one request. */
  readonly batchSize: number;
  /** The longest text. */
  readonly maxTokens: number;
};

export type ModerationService = {
  /** Rejects with `ModelFailure`. */
  moderate(text: string, signal: AbortSignal): Promise<Moderated>;
};
