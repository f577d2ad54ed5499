/** OpenAI's models at Azure. Models are named by their deployments, so there is no default. */
import { createAzure } from '@ai-sdk/azure';
import type { ModelProvider } from '../model-provider.ts';
import { withoutWarnings } from '../without-warnings.ts';
import type { Access } from './access.ts';

export function openAzure(access: Access): ModelProvider {
  const apiVersion = access.optional('AZURE_API_VERSION');
  const azure = createAzure({
    baseURL: toBaseUrl(access.baseUrl(undefined, 'AZURE_ENDPOINT')),
    apiKey: access.key('AZURE_API_KEY'),
    ...(apiVersion && { apiVersion }),
  });
  const embeddingModel = access.embeddingModel('AZURE_EMBEDDING_MODEL_NAME');
  return {
    id: 'azure',
    model: withoutWarnings(azure.languageModel(access.model('AZURE_GENERATIVE_MODEL_NAME'))),
    answerModes: ['schema', 'json', 'text'],
    providerOptions: { azure: { store: false } },
    ...(embeddingModel && {
      embeddings: { model: azure.embeddingModel(embeddingModel), batchSize: 96, maxTokens: 8_000 },
    }),
  };
}

/** The portal shows `https://name.openai.azure.com`; the API is below `/openai`. */
function toBaseUrl(endpoint: string): string {
  return new URL(endpoint).pathname === '/' ? `${endpoint}/openai` : endpoint;
}
