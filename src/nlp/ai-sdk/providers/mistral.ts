/** Mistral, with its embeddings and its moderation. */
import { createMistral } from '@ai-sdk/mistral';
import type { ModelProvider } from '../model-provider.ts';
import { createCategoryModeration } from '../moderation.ts';
import { withoutWarnings } from '../without-warnings.ts';
import type { Access } from './access.ts';

export function openMistral(access: Access): ModelProvider {
  const apiKey = access.key('MISTRAL_API_KEY');
  const baseURL = access.baseUrl('https://api.mistral.ai/v1');
  const mistral = createMistral({ apiKey, baseURL });
  const embeddingModel = access.embeddingModel();
  return {
    id: 'mistral',
    model: withoutWarnings(mistral.languageModel(access.model())),
    answerModes: ['schema', 'json', 'text'],
    ...(embeddingModel && {
      embeddings: { model: mistral.embeddingModel(embeddingModel), batchSize: 32, maxTokens: 8_000 },
    }),
    moderation: createCategoryModeration({
      url: `${baseURL}/moderations`,
      apiKey,
      model: 'mistral-moderation-latest',
    }),
  };
}
