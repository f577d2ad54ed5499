/** Google's Gemini API, with a key; not Vertex AI. */
import { createGoogle } from '@ai-sdk/google';
import type { ModelProvider } from '../model-provider.ts';
import { withoutWarnings } from '../without-warnings.ts';
import type { Access } from './access.ts';

export function openGoogle(access: Access): ModelProvider {
  const google = createGoogle({
    apiKey: access.key('GEMINI_API_KEY'),
    baseURL: access.baseUrl('https://generativelanguage.googleapis.com/v1beta'),
  });
  const embeddingModel = access.embeddingModel();
  return {
    id: 'google',
    model: withoutWarnings(google.languageModel(access.model())),
    answerModes: ['schema', 'json', 'text'],
    reasoning: 'none',
    ...(embeddingModel && {
      embeddings: { model: google.embeddingModel(embeddingModel), batchSize: 96, maxTokens: 2_000 },
    }),
  };
}
