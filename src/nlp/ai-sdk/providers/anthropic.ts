/** Anthropic. It has no embeddings and no moderation. */
import { createAnthropic } from '@ai-sdk/anthropic';
import type { ModelProvider } from '../model-provider.ts';
import { withoutWarnings } from '../without-warnings.ts';
import type { Access } from './access.ts';

export function openAnthropic(access: Access): ModelProvider {
  const apiKey = access.key('ANTHROPIC_API_KEY');
  const anthropic = createAnthropic({ apiKey, baseURL: access.baseUrl('https://api.anthropic.com/v1') });
  return {
    id: 'anthropic',
    model: withoutWarnings(anthropic.languageModel(access.model())),
    answerModes: ['schema', 'text'],
    reasoning: 'none',
    maxOutputTokens: 16_000, // the API wants one; no answer is that long
  };
}
