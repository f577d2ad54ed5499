import { afterEach, describe, expect, it, vi } from 'vitest';
import { createAiSdkNlp } from '../../../src/nlp/ai-sdk/ai-sdk-nlp.ts';
import { defaultModels } from '../../../src/nlp/ai-sdk/providers/default-models.ts';
import { openProvider } from '../../../src/nlp/ai-sdk/providers/open-provider.ts';
import type { ProviderSettings } from '../../../src/nlp/ai-sdk/providers/access.ts';
import { modelProviderNames, type ModelProviderName } from '../../../src/nlp/provider-names.ts';
import { tableRows } from '../../packaging/documents.ts';
import { sampleAnswers, sampleInputs } from '../../support/nlp-samples.ts';
import { createPatientClock } from '../../support/patient-clock.ts';

afterEach(() => vi.unstubAllGlobals());

const options = { temperature: 0.3, signal: new AbortController().signal };
const text = JSON.stringify(sampleAnswers.preamble);

const completion = {
  id: '1',
  object: 'chat.completion',
  created: 1,
  model: 'm',
  choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 5, completion_tokens: 2, total_tokens: 7 },
};
const response = {
  id: 'r',
  created_at: 1,
  model: 'm',
  output: [
    {
      type: 'message',
      id: 'o',
      role: 'assistant',
      content: [{ type: 'output_text', text, annotations: [] }],
    },
  ],
  usage: { input_tokens: 5, output_tokens: 2 },
};
const message = {
  type: 'message',
  id: 'm',
  model: 'm',
  role: 'assistant',
  content: [{ type: 'text', text }],
  stop_reason: 'end_turn',
  usage: { input_tokens: 5, output_tokens: 2 },
};
const candidates = {
  candidates: [{ content: { role: 'model', parts: [{ text }] }, finishReason: 'STOP', index: 0 }],
  usageMetadata: { promptTokenCount: 5, candidatesTokenCount: 2, totalTokenCount: 7 },
};
const converse = {
  output: { message: { role: 'assistant', content: [{ text }] } },
  stopReason: 'end_turn',
  usage: { inputTokens: 5, outputTokens: 2, totalTokens: 7 },
};

type Wire = {
  readonly env: Readonly<Record<string, string>>;
  readonly url: string;
  readonly says: object;
  /** Where the key is seen, if there is one. */
  readonly header: readonly [string, string | RegExp];
};

const bearer = ['authorization', 'Bearer secret'] as const;

const wires: Readonly<Record<ModelProviderName, Wire>> = {
  anthropic: {
    env: { ANTHROPIC_API_KEY: 'secret' },
    url: 'https://api.anthropic.com/v1/messages',
    says: message,
    header: ['x-api-key', 'secret'],
  },
  azure: {
    env: {
      AZURE_API_KEY: 'secret',
      AZURE_ENDPOINT: 'https://us.openai.azure.com/',
      AZURE_GENERATIVE_MODEL_NAME: 'mine',
    },
    url: 'https://us.openai.azure.com/openai/v1/responses?api-version=v1',
    says: response,
    header: ['api-key', 'secret'],
  },
  bedrock: {
    env: {
      AWS_ACCESS_KEY_ID: 'id',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_REGION: 'eu-central-1',
      MODEL: 'some.model-v1:0',
    },
    url: 'https://bedrock-runtime.eu-central-1.amazonaws.com/model/some.model-v1%3A0/converse',
    says: converse,
    header: ['authorization', /^AWS4-HMAC-SHA256 Credential=id\//],
  },
  cerebras: {
    env: { CEREBRAS_API_KEY: 'secret', MODEL: 'm' },
    url: 'https://api.cerebras.ai/v1/chat/completions',
    says: completion,
    header: bearer,
  },
  deepseek: {
    env: { DEEPSEEK_API_KEY: 'secret' },
    url: 'https://api.deepseek.com/chat/completions',
    says: completion,
    header: bearer,
  },
  fireworks: {
    env: { FIREWORKS_API_KEY: 'secret', MODEL: 'm' },
    url: 'https://api.fireworks.ai/inference/v1/chat/completions',
    says: completion,
    header: bearer,
  },
  google: {
    env: { GEMINI_API_KEY: 'secret' },
    url: 'https://generativelanguage.googleapis.com/v1beta/models/gemini-3.8-flash:generateContent',
    says: candidates,
    header: ['x-goog-api-key', 'secret'],
  },
  litellm: {
    env: { LITELLM_PROVIDER_MODEL_NAME: 'm', LITELLM_PROVIDER_API_KEY: 'secret' },
    url: 'http://127.0.0.1:4000/chat/completions',
    says: completion,
    header: bearer,
  },
  mistral: {
    env: { MISTRAL_API_KEY: 'secret' },
    url: 'https://api.mistral.ai/v1/chat/completions',
    says: completion,
    header: bearer,
  },
  modelscope: {
    env: { MODELSCOPE_API_KEY: 'secret', MODELSCOPE_MODEL_NAME: 'm' },
    url: 'https://api-inference.modelscope.cn/v1/chat/completions',
    says: completion,
    header: bearer,
  },
  novita: {
    env: { NOVITA_API_KEY: 'secret', NOVITA_MODEL: 'm' },
    url: 'https://api.novita.ai/openai/chat/completions',
    says: completion,
    header: bearer,
  },
  ollama: {
    env: { OLLAMA_MODEL: 'm' },
    url: 'http://127.0.0.1:11434/v1/chat/completions',
    says: completion,
    header: ['content-type', 'application/json'],
  },
  openai: {
    env: { OPENAI_API_KEY: 'secret' },
    url: 'https://api.openai.com/v1/responses',
    says: response,
    header: bearer,
  },
  'openai-compatible': {
    env: { URL: 'http://model.local/v1/', MODEL: 'm' },
    url: 'http://model.local/v1/chat/completions',
    says: completion,
    header: ['content-type', 'application/json'],
  },
  openrouter: {
    env: { OPENROUTER_API_KEY: 'secret', OPENROUTER_MODEL: 'vendor/m', OPENROUTER_SITE_NAME: 'Velo' },
    url: 'https://openrouter.ai/api/v1/chat/completions',
    says: completion,
    header: ['x-title', 'Velo'],
  },
  qwen: {
    env: { DASHSCOPE_API_KEY: 'secret' },
    url: 'https://dashscope-intl.aliyuncs.com/compatible-mode/v1/chat/completions',
    says: completion,
    header: bearer,
  },
  together: {
    env: { TOGETHER_API_KEY: 'secret', MODEL: 'm' },
    url: 'https://api.together.xyz/v1/chat/completions',
    says: completion,
    header: bearer,
  },
  zhipu: {
    env: { ZHIPUAI_API_KEY: 'secret', MODEL: 'm' },
    url: 'https://open.bigmodel.cn/api/paas/v4/chat/completions',
    says: completion,
    header: bearer,
  },
};

describe.each(modelProviderNames)('%s', (name) => {
  const { env, url, says, header } = wires[name];
  const settings = { model: env['MODEL'], baseUrl: env['URL'] };

  it('is asked at its own address, with its own variables, and answers', async () => {
    const asked = stubFetch(says);
    const nlp = await open(name, settings, env);
    const { answer, info } = await nlp.ask('preamble', sampleInputs.preamble, options);
    expect(answer).toEqual(sampleAnswers.preamble);
    expect(info.usage).toMatchObject({ inputTokens: 5, outputTokens: 2 });
    expect(asked.map((request) => request.url)).toEqual([url]);
    expect(asked[0]?.headers.get(header[0])).toMatch(header[1]);
  });

  const variables = needed(name).filter((variable) => variable in env);
  it.each(variables)('says at the start that %s is missing', async (variable) => {
    const opening = openProvider(name, { settings, env: { ...env, [variable]: ' ' } });
    await expect(opening).rejects.toMatchObject({
      name: 'NlpSettingsError',
      message: `${variable} must be set: the language provider ${name} needs it.`,
    });
  });

  it('says at the start that nobody named a model, or has a model of its own', async () => {
    const rest = Object.fromEntries(
      Object.entries(env).filter(([variable]) => !/MODEL(_NAME)?$/.test(variable)),
    );
    const opening = openProvider(name, { settings: { baseUrl: settings.baseUrl }, env: rest });
    const found = await opening.then(({ model }) => model.modelId, String);
    expect(found).toMatch(
      /^[\w.-]+$|^NlpSettingsError: \w*MODEL(_NAME)? must be set: the language provider [\w-]+ needs it\.$/,
    );
  });

  it('is asked for another model, elsewhere, with another key, where the settings say so', async () => {
    const asked = stubFetch(says);
    const given = { model: 'claude-another', baseUrl: 'http://proxy.local/base/', apiKey: 'another-key' };
    const nlp = await open(name, given, env);
    await nlp.ask('preamble', sampleInputs.preamble, options);
    const [request] = asked;
    expect(request?.url).toMatch(name === 'bedrock' ? /claude-another/ : /^http:\/\/proxy\.local\/base\//);
    expect(`${request?.url} ${request?.body}`).toContain('claude-another');
    expect([...(request?.headers ?? [])].map(([, value]) => value).join()).toContain('another-key');
  });
});

describe('an address', () => {
  it('of the other servers must be given', async () => {
    await expect(
      openProvider('openai-compatible', { settings: { model: 'm' }, env: {} }),
    ).rejects.toMatchObject({
      message: 'NLP_BASE_URL must be set: the language provider openai-compatible needs it.',
    });
  });

  it('of Ollama may be its host, or say more', async () => {
    const asked = stubFetch(completion);
    for (const url of ['http://gpu:11434', 'http://gpu:11434/v1', 'http://gpu/ollama/v1/']) {
      const nlp = await open('ollama', {}, { OLLAMA_MODEL: 'm', OLLAMA_BASE_URL: url });
      await nlp.ask('preamble', sampleInputs.preamble, options);
    }
    expect(asked.map(({ url }) => url)).toEqual([
      'http://gpu:11434/v1/chat/completions',
      'http://gpu:11434/v1/chat/completions',
      'http://gpu/ollama/v1/chat/completions',
    ]);
  });
});

describe('embeddings', () => {
  it.each(modelProviderNames)(
    'of %s are there where it has them, or a model for them is named',
    async (name) => {
      const { env } = wires[name];
      const settings = { model: env['MODEL'], baseUrl: env['URL'] };
      const byDefault = (await openProvider(name, { settings, env })).embeddings?.model;
      const named = await openProvider(name, { settings: { ...settings, embeddingModel: 'mine' }, env });
      expect(byDefault !== undefined).toBe(['google', 'mistral', 'openai', 'qwen', 'zhipu'].includes(name));
      expect(named.embeddings?.model.modelId).toBe(name === 'anthropic' ? undefined : 'mine');
    },
  );
});

describe('docs/nlp.md', () => {
  const rows = tableRows('docs/nlp.md', 'NLP');

  it('lists every provider, and no other', () => {
    expect(rows.map(([name]) => name)).toEqual(modelProviderNames);
  });

  it.each(modelProviderNames)('says what %s needs, and what it is without a word more', async (name) => {
    const [, needs = '', may = '', model, vectors, moderates] = rows.find(([each]) => each === name) ?? [];
    const variables = [...needs.matchAll(/[A-Z][A-Z_]+/g)].map(([variable]) => variable);
    const optional = [...may.matchAll(/[A-Z][A-Z_]+/g)].map(([variable]) => variable);
    const named = name === 'openai-compatible' ? { baseUrl: 'http://x.local/v1' } : {};
    const env = Object.fromEntries(variables.map((variable) => [variable, 'http://x.local']));
    const provider = await openProvider(name, { settings: { model: 'm', ...named }, env });
    expect(variables.sort()).toEqual(needed(name));
    expect(optional).toEqual(
      expect.arrayContaining(
        Object.keys(wires[name].env).filter((each) => each.includes('_') && !variables.includes(each)),
      ),
    );
    expect(model).toBe(defaultModels[name]?.model ?? '');
    expect(vectors).toBe(defaultModels[name]?.embeddingModel ?? '');
    expect(moderates).toBe(provider.moderation ? 'yes' : '');
  });
});

/** Without these it does not open. */
function needed(name: ModelProviderName): readonly string[] {
  if (name === 'openai-compatible') return ['NLP_BASE_URL'];
  const variables = Object.keys(wires[name].env).filter((variable) => variable.includes('_'));
  return variables.filter((variable) => !/MODEL(_NAME)?$|^LITELLM|SITE_NAME/.test(variable)).sort();
}

type Asked = { readonly url: string; readonly headers: Headers; readonly body: string };

/** Nothing leaves the machine. */
function stubFetch(says: object): readonly Asked[] {
  const asked: Asked[] = [];
  vi.stubGlobal('fetch', async (input: string | URL | Request, init?: RequestInit) => {
    const request = new Request(input, init);
    asked.push({ url: request.url, headers: request.headers, body: await request.text() });
    return Response.json(says);
  });
  return asked;
}

async function open(
  name: ModelProviderName,
  settings: ProviderSettings,
  env: Readonly<Record<string, string>>,
) {
  const provider = await openProvider(name, { settings, env });
  return createAiSdkNlp({ provider, fallbackRank: async () => [], clock: createPatientClock() });
}
