/** Everybody who speaks as OpenAI's chat completions do, and what is peculiar about each. */
import type { AnswerMode } from '../concessions.ts';
import type { Access } from './access.ts';

export type CompatibleName =
  | 'cerebras'
  | 'deepseek'
  | 'fireworks'
  | 'litellm'
  | 'modelscope'
  | 'novita'
  | 'ollama'
  | 'openai-compatible'
  | 'openrouter'
  | 'qwen'
  | 'together'
  | 'zhipu';

export type CompatibleVendor = {
  readonly url?: string;
  readonly urlVariable?: string;
  /** Absent: a key may be given, and need not. */
  readonly keyVariable?: string;
  readonly optionalKeyVariable?: string;
  readonly modelVariable?: string;
  readonly embeddingVariable?: string;
  readonly answerModes: readonly [AnswerMode, ...AnswerMode[]];
  /** Sent with every request. */
  readonly body?: Readonly<Record<string, unknown>>;
  readonly headers?: (access: Access) => Readonly<Record<string, string | undefined>>;
  readonly embeddingBatch?: number;
  readonly embeddingTokens?: number;
  readonly moderates?: boolean;
};

/** Held to a schema where the vendor is known to do it; who does not is found out. */
const strict = ['schema', 'json', 'text'] as const;
const jsonOnly = ['json', 'text'] as const;
/** Prompts ask for reasons as part of the answer; thinking before it only takes time. */
const withoutThinking = { thinking: { type: 'disabled' } };

export const compatibleVendors: Readonly<Record<CompatibleName, CompatibleVendor>> = {
  cerebras: { url: 'https://api.cerebras.ai/v1', keyVariable: 'CEREBRAS_API_KEY', answerModes: strict },
  deepseek: {
    url: 'https://api.deepseek.com',
    keyVariable: 'DEEPSEEK_API_KEY',
    answerModes: jsonOnly,
    body: withoutThinking,
  },
  fireworks: {
    url: 'https://api.fireworks.ai/inference/v1',
    keyVariable: 'FIREWORKS_API_KEY',
    answerModes: strict,
  },
  litellm: {
    url: 'http://127.0.0.1:4000',
    urlVariable: 'LITELLM_PROVIDER_BASE_URL',
    optionalKeyVariable: 'LITELLM_PROVIDER_API_KEY',
    modelVariable: 'LITELLM_PROVIDER_MODEL_NAME',
    embeddingVariable: 'LITELLM_EMBEDDING_MODEL_NAME',
    answerModes: strict,
  },
  modelscope: {
    url: 'https://api-inference.modelscope.cn/v1',
    keyVariable: 'MODELSCOPE_API_KEY',
    modelVariable: 'MODELSCOPE_MODEL_NAME',
    answerModes: jsonOnly,
  },
  novita: {
    url: 'https://api.novita.ai/openai',
    keyVariable: 'NOVITA_API_KEY',
    modelVariable: 'NOVITA_MODEL',
    answerModes: strict,
  },
  ollama: {
    url: 'http://127.0.0.1:11434',
    urlVariable: 'OLLAMA_BASE_URL',
    modelVariable: 'OLLAMA_MODEL',
    embeddingVariable: 'OLLAMA_EMBEDDING_MODEL',
    answerModes: strict,
  },
  'openai-compatible': { answerModes: strict },
  openrouter: {
    url: 'https://openrouter.ai/api/v1',
    keyVariable: 'OPENROUTER_API_KEY',
    modelVariable: 'OPENROUTER_MODEL',
    answerModes: strict,
    headers: (access) => ({
      'HTTP-Referer': access.optional('OPENROUTER_HTTP_REFERER'),
      'X-Title': access.optional('OPENROUTER_SITE_NAME'),
    }),
  },
  qwen: {
    url: 'https://dashscope-intl.aliyuncs.com/compatible-mode/v1',
    urlVariable: 'QWEN_BASE_URL',
    keyVariable: 'DASHSCOPE_API_KEY',
    modelVariable: 'QWEN_MODEL',
    answerModes: jsonOnly,
    body: { enable_thinking: false },
    embeddingBatch: 10, // it takes no more
  },
  together: { url: 'https://api.together.xyz/v1', keyVariable: 'TOGETHER_API_KEY', answerModes: strict },
  zhipu: {
    url: 'https://open.bigmodel.cn/api/paas/v4',
    keyVariable: 'ZHIPUAI_API_KEY',
    answerModes: jsonOnly,
    body: withoutThinking,
    embeddingBatch: 32,
    embeddingTokens: 3_000,
    moderates: true,
  },
};
