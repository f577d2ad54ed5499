/**
 * The models that are taken where none is named; as of November 2026. A vendor whose models come and go by the month, or are the
 * customer's own, has none: then `NLP_MODEL` must be set.
 */
import type { ModelProviderName } from '../../provider-names.ts';

type DefaultModels = { readonly model?: string; readonly embeddingModel?: string };

export const defaultModels: { readonly [Name in ModelProviderName]?: DefaultModels } = {
  anthropic: { model: 'claude-sonnet-5' },
  deepseek: { model: 'deepseek-flash' },
  google: { model: 'gemini-3.8-flash', embeddingModel: 'gemini-embedding-001' },
  mistral: { model: 'mistral-medium-latest', embeddingModel: 'mistral-embed' },
  openai: { model: 'gpt-5.4', embeddingModel: 'text-embedding-3-small' },
  qwen: { model: 'qwen-plus', embeddingModel: 'text-embedding-v4' },
  zhipu: { embeddingModel: 'embedding-3' },
};
