/** OpenAI, by its Responses API, which is told to keep nothing; and its moderation, which costs nothing. */
import { createOpenAI } from '@ai-sdk/openai';
import type { ModelProvider } from '../model-provider.ts';
import { createCategoryModeration } from '../moderation.ts';
import { withoutWarnings } from '../without-warnings.ts';
import type { Access } from './access.ts';

export function openOpenAi(access: Access): ModelProvider {
  const apiKey = access.key('OPENAI_API_KEY');
  const baseURL = access.baseUrl('https://api.openai.com/v1');
  const embeddingModel = access.embeddingModel();
  const openai = createOpenAI({ apiKey, baseURL });
  return {
    id: 'openai',
    model: withoutWarnings(openai.languageModel(access.model())),
    answerModes: ['schema', 'json', 'text'],
    reasoning: 'none',
    providerOptions: { openai: { store: false } },
    ...(embeddingModel && {
      embeddings: { model: openai.embeddingModel(embeddingModel), batchSize: 96, maxTokens: 8_000 },
    }),
    moderation: createCategoryModeration({
      url: `${baseURL}/moderations`,
      apiKey,
      model: 'omni-moderation-latest',
    }),
  };
}
