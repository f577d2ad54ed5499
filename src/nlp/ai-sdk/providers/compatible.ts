/** A vendor who speaks as OpenAI's chat completions do: an address and a key. */
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import type { ModelProvider } from '../model-provider.ts';
import { createRiskModeration } from '../moderation.ts';
import { withoutWarnings } from '../without-warnings.ts';
import type { Access } from './access.ts';
import { compatibleVendors, type CompatibleName } from './compatible-vendors.ts';

export function openCompatible(name: CompatibleName, access: Access): ModelProvider {
  const vendor = compatibleVendors[name];
  const { keyVariable, answerModes, embeddingBatch = 96, embeddingTokens = 8_000 } = vendor;
  const apiKey = keyVariable ? access.key(keyVariable) : access.optionalKey(vendor.optionalKeyVariable);
  const baseURL = toBaseUrl(name, access.baseUrl(vendor.url, vendor.urlVariable));
  const client = createOpenAICompatible({
    name,
    baseURL,
    ...(apiKey && { apiKey }),
    headers: present(vendor.headers?.(access) ?? {}),
    includeUsage: true,
    supportsStructuredOutputs: answerModes.includes('schema'),
    transformRequestBody: (body) => ({ ...body, ...vendor.body }),
  });
  const model = withoutWarnings(client.languageModel(access.model(vendor.modelVariable)));
  const embeddingModel = access.embeddingModel(vendor.embeddingVariable);
  return {
    id: name,
    model,
    answerModes,
    ...(embeddingModel && {
      embeddings: {
        model: client.embeddingModel(embeddingModel),
        batchSize: embeddingBatch,
        maxTokens: embeddingTokens,
      },
    }),
    ...(vendor.moderates &&
      apiKey && { moderation: createRiskModeration({ url: `${baseURL}/moderations`, apiKey }) }),
  };
}

/** Ollama is known by its host alone. */
function toBaseUrl(name: CompatibleName, url: string): string {
  return name === 'ollama' && new URL(url).pathname === '/' ? `${url}/v1` : url;
}

function present(headers: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
