import { describe, expect, it } from 'vitest';
import { createAiSdkNlp } from '../../../src/nlp/ai-sdk/ai-sdk-nlp.ts';
import { openProvider } from '../../../src/nlp/ai-sdk/providers/open-provider.ts';
import type { NlpService } from '../../../src/nlp/nlp.ts';
import type { ModelProviderName } from '../../../src/nlp/provider-names.ts';
import type { ModelFake } from '../../support/model-fake.ts';
import { startOpenAiFake } from '../../support/openai-fake.ts';
import { createPatientClock } from '../../support/patient-clock.ts';

const options = { signal: new AbortController().signal };

describe('a message', () => {
  it.each([
    ['openai', 'harassment/threatening and self-harm/intent', ['harassment', 'self-harm']],
    ['openai', 'a saddle', []],
    ['mistral', 'violence_and_threats, jailbreaking', ['jailbreak', 'violence']],
    ['mistral', 'my address: pii', []],
  ] as const)('is looked at by %s: %s', async (name, text, tags) => {
    await using fake = await startOpenAiFake();
    const moderated = await (await open(name, fake)).moderate?.(text, options);
    expect({ ...moderated, tags: [...(moderated?.tags ?? [])].sort() }).toEqual({
      flagged: tags.length > 0,
      tags,
    });
    expect(fake.requests).toMatchObject([
      { path: '/moderations', headers: { authorization: 'Bearer some-key' }, body: { input: [text] } },
    ]);
  });

  it('is looked at by Zhipu to its end, in parts', async () => {
    await using fake = await startOpenAiFake();
    const nlp = await open('zhipu', fake);
    const text = `${'fine '.repeat(1_000)} risk`;
    expect(await nlp.moderate?.(text, options)).toEqual({ flagged: true, tags: [] });
    expect(await nlp.moderate?.('fine', options)).toEqual({ flagged: false, tags: [] });
    expect(fake.requests).toHaveLength(4);
  });

  it('is looked at again when the provider is busy', async () => {
    await using fake = await startOpenAiFake();
    const nlp = await open('openai', fake);
    fake.reply({ kind: 'error', status: 429 }, { kind: 'reset' }, { kind: 'text', text: '' });
    expect(await nlp.moderate?.('a saddle', options)).toEqual({ flagged: false, tags: [] });
    expect(fake.requests).toHaveLength(3);
  });

  it.each([
    ['does not know the key', { kind: 'error', status: 401 }, 'it refused the key (HTTP 401)'],
    ['says something else', { kind: 'body', body: '<html>' }, 'its response cannot be read'],
    [
      'says nothing of what was asked',
      { kind: 'body', body: '{"results":[]}' },
      'its response cannot be read',
    ],
  ] as const)('counts as not looked at when the provider %s', async (_, reply, reason) => {
    await using fake = await startOpenAiFake();
    const nlp = await open('openai', fake);
    fake.reply(reply);
    await expect(nlp.moderate?.('a saddle', options)).rejects.toMatchObject({
      code: 'NLP_FAILED',
      message: expect.stringContaining(reason),
    });
  });

  it('is never looked at where the provider has nothing for it', async () => {
    await using fake = await startOpenAiFake();
    expect((await open('anthropic', fake)).moderate).toBeUndefined();
  });
});

async function open(name: ModelProviderName, fake: ModelFake): Promise<NlpService> {
  const provider = await openProvider(name, {
    settings: { model: 'm', apiKey: 'some-key', baseUrl: fake.url },
    env: {},
  });
  return createAiSdkNlp({ provider, fallbackRank: async () => [], clock: createPatientClock() });
}
