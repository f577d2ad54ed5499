/** Models at AWS. Which ones there are depends on who asks and on the region, so there is no default. */
import { createAmazonBedrock } from '@ai-sdk/amazon-bedrock';
import type { ModelProvider } from '../model-provider.ts';
import { withoutWarnings } from '../without-warnings.ts';
import type { Access } from './access.ts';

export function openBedrock(access: Access): ModelProvider {
  const bedrock = createAmazonBedrock({ ...toCredentials(access), region: access.need('AWS_REGION') });
  const embeddingModel = access.embeddingModel();
  return {
    id: 'bedrock',
    model: withoutWarnings(bedrock.languageModel(access.model())),
    answerModes: ['schema', 'text'],
    reasoning: 'none',
    maxOutputTokens: 8_000,
    ...(embeddingModel && {
      embeddings: { model: bedrock.embeddingModel(embeddingModel), batchSize: 32, maxTokens: 8_000 },
    }),
  };
}

function toCredentials(access: Access) {
  const apiKey = access.optionalKey('AWS_BEARER_TOKEN_BEDROCK');
  if (apiKey) return { apiKey };
  const sessionToken = access.optional('AWS_SESSION_TOKEN');
  return {
    accessKeyId: access.need('AWS_ACCESS_KEY_ID'),
    secretAccessKey: access.need('AWS_SECRET_ACCESS_KEY'),
    ...(sessionToken && { sessionToken }),
  };
}
