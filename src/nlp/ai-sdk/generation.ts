/** One request for an answer or for running text, and what came of it. Rejects with whatever the AI SDK throws, or `ModelFailure`. */
import {
  generateText,
  jsonSchema,
  NoObjectGeneratedError,
  Output,
  streamText,
  type FinishReason,
  type LanguageModelUsage,
} from 'ai';
import type { GenerationInfo } from '../nlp.ts';
import type { AnswerMode, Asking } from './concessions.ts';
import { ModelFailure } from './model-failure.ts';
import type { ModelProvider } from './model-provider.ts';
import type { Prompt } from './prompts/prompt-builder.ts';
import type { AnswerablePrompt } from './prompts/prompts.ts';

export type Usage = GenerationInfo['usage'];
export type Generated = { readonly text: string; readonly usage: Usage };

export type GenerationRequest = {
  readonly provider: ModelProvider;
  readonly asking: Asking;
  readonly temperature: number;
  readonly signal: AbortSignal;
};

/** The text of an answer that came to its end. */
export async function generateAnswer(
  name: string,
  { schema, ...prompt }: AnswerablePrompt,
  request: GenerationRequest,
): Promise<Generated> {
  const output = outputs[request.asking.mode](name, schema);
  const generated = await generateText({ ...toCall(prompt, request), output }).catch(toGenerated);
  throwIfUnfinished(generated.finishReason, generated.rawFinishReason);
  return { text: generated.text, usage: toUsage(generated.usage) };
}

/** Its text as it is made, and at the end what it cost. Rejects where it breaks off. */
export async function* streamAnswer(
  prompt: Prompt,
  request: GenerationRequest,
): AsyncGenerator<string, Usage> {
  let usage = toUsage(undefined);
  const { stream } = streamText({ ...toCall(prompt, request), onError: () => undefined });
  for await (const part of stream) {
    if (part.type === 'text-delta') yield part.text;
    else if (part.type === 'error') throw part.error;
    else if (part.type === 'abort') throw request.signal.reason;
    else if (part.type === 'finish') {
      usage = toUsage(part.totalUsage);
      throwIfUnfinished(part.finishReason, part.rawFinishReason);
    }
  }
  return usage;
}

function toCall({ instructions, material }: Prompt, request: GenerationRequest) {
  const { provider, asking, temperature, signal } = request;
  const { model, maxOutputTokens, reasoning, providerOptions } = provider;
  return {
    model,
    instructions,
    prompt: material,
    maxRetries: 0, // by our own clock and policies
    abortSignal: signal,
    telemetry: { isEnabled: false }, // prompts are for nobody else's traces
    ...(asking.withTemperature && { temperature }),
    ...(asking.withReasoning && reasoning && { reasoning }),
    ...(maxOutputTokens && { maxOutputTokens }),
    ...(providerOptions && { providerOptions }),
  };
}

/** What comes is looked at by `read-answer.ts`; here it only must be JSON. */
const outputs = {
  schema: (name, schema) => Output.object({ name, schema: jsonSchema(schema) }),
  json: () => Output.json(),
  text: () => Output.text(),
} satisfies Record<AnswerMode, (name: string, schema: AnswerablePrompt['schema']) => unknown>;

/** An answer that is no JSON yet may hold some. */
function toGenerated(error: unknown) {
  if (!NoObjectGeneratedError.isInstance(error)) throw error;
  const { text = '', finishReason = 'stop', usage } = error;
  return { text, finishReason, rawFinishReason: finishReason, usage };
}

function throwIfUnfinished(reason: FinishReason, raw: string | undefined): void {
  if (reason === 'content-filter') throw new ModelFailure('refused', 'it refused to answer');
  if (reason === 'length')
    throw new ModelFailure('truncated', 'its answer was cut off at the longest it may write');
  // Nobody said why it ended: the rest is still on its way, and will not come.
  if (reason === 'error' || (reason === 'other' && raw === undefined))
    throw new ModelFailure('connection', 'its answer broke off');
}

function toUsage(usage: LanguageModelUsage | undefined): Usage {
  const cachedInputTokens = usage?.inputTokenDetails.cacheReadTokens;
  return {
    inputTokens: usage?.inputTokens ?? 0,
    outputTokens: usage?.outputTokens ?? 0,
    ...(cachedInputTokens !== undefined && { cachedInputTokens }),
  };
}
