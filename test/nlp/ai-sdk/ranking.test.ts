import { describe, expect, it } from 'vitest';
import { createAiSdkNlp } from '../../../src/nlp/ai-sdk/ai-sdk-nlp.ts';
import type { NlpRequest } from '../../../src/nlp/ai-sdk/measure.ts';
import { openProvider } from '../../../src/nlp/ai-sdk/providers/open-provider.ts';
import { estimateTokens, firstTokens, toChunks } from '../../../src/nlp/ai-sdk/query-chunks.ts';
import { createVectorCache } from '../../../src/nlp/ai-sdk/vector-cache.ts';
import type { NlpService } from '../../../src/nlp/nlp.ts';
import type { ModelProviderName } from '../../../src/nlp/provider-names.ts';
import type { ModelFake } from '../../support/model-fake.ts';
import { startOpenAiFake } from '../../support/openai-fake.ts';
import { createPatientClock } from '../../support/patient-clock.ts';

const options = { signal: new AbortController().signal };

describe('what is near to a query', () => {
  it('comes first, by the nearest of its texts, each once', async () => {
    await using fake = await startOpenAiFake();
    const ranked = await (
      await open('openai', fake)
    ).nlp.rank(
      'saddle',
      [
        { id: 'wheel', texts: ['spokes and rims'] },
        { id: 'seat', texts: ['xxyyzz', 'Saddle'] },
        { id: 'seat', texts: ['a saddle bag'] },
        { id: 'lamp', texts: ['ladle', 'qq'] },
      ],
      options,
    );
    expect(ranked.map(({ id }) => id)).toEqual(['seat', 'lamp', 'wheel']);
    expect(ranked[0]?.score).toBeCloseTo(1, 5);
    for (const { score } of ranked) expect(score).toBeLessThanOrEqual(1.000_001);
  });

  it('is nothing where nothing is asked, or there is nothing', async () => {
    await using fake = await startOpenAiFake();
    const { nlp } = await open('openai', fake);
    expect(await nlp.rank(' \n', [{ id: 'a', texts: ['a'] }], options)).toEqual([]);
    expect(await nlp.rank('a', [], options)).toEqual([]);
    expect(fake.requests).toEqual([]);
  });

  it('leaves out what has no text', async () => {
    await using fake = await startOpenAiFake();
    const { nlp } = await open('openai', fake);
    const ranked = await nlp.rank(
      'a',
      [
        { id: 'blank', texts: ['', ' '] },
        { id: 'a', texts: ['a'] },
      ],
      options,
    );
    expect(ranked.map(({ id }) => id)).toEqual(['a']);
    expect(inputsOf(fake)).toEqual([['a']]);
  });

  it('is found without sending again what was sent before', async () => {
    await using fake = await startOpenAiFake();
    const { nlp } = await open('openai', fake);
    const candidates = [
      { id: 'one', texts: ['first', 'second'] },
      { id: 'two', texts: ['second', 'third'] },
    ];
    await nlp.rank('query', candidates, options);
    await nlp.rank('another', candidates, options);
    await nlp.rank('query', candidates.slice(1), options);
    expect(inputsOf(fake)).toEqual([['query', 'first', 'second', 'third'], ['another']]);
  });

  it('is asked for in batches, as large as the provider takes', async () => {
    await using fake = await startOpenAiFake();
    const { nlp } = await open('qwen', fake);
    const candidates = Array.from({ length: 24 }, (_, at) => ({ id: `${at}`, texts: [`text ${at}`] }));
    const ranked = await nlp.rank('another', candidates, options);
    expect(ranked).toHaveLength(24);
    expect(inputsOf(fake).map((texts) => texts.length)).toEqual([10, 10, 5]);
  });

  it('is asked for again when the provider is busy', async () => {
    await using fake = await startOpenAiFake();
    const { nlp, clock, told } = await open('openai', fake);
    fake.reply({ kind: 'error', status: 429 }, { kind: 'text', text: '' });
    await nlp.rank('a', [{ id: 'a', texts: ['b'] }], options);
    expect(clock.pauses).toEqual([1]);
    expect(told).toMatchObject([
      { kind: 'embed', failure: 'rate_limit' },
      { kind: 'embed', usage: { inputTokens: 2, outputTokens: 0 } },
    ]);
  });

  it('fails plainly, and is not asked for further', async () => {
    await using fake = await startOpenAiFake();
    const { nlp } = await open('qwen', fake);
    fake.reply({ kind: 'error', status: 401 });
    const candidates = Array.from({ length: 200 }, (_, at) => ({ id: `${at}`, texts: [`text ${at}`] }));
    await expect(nlp.rank('a', candidates, options)).rejects.toMatchObject({
      code: 'NLP_FAILED',
      message: expect.stringContaining('it refused the key'),
    });
    expect(fake.requests.length).toBeLessThanOrEqual(4);
  });

  it('is found by its words where the provider has no vectors', async () => {
    await using fake = await startOpenAiFake();
    const { nlp } = await open('anthropic', fake);
    expect(await nlp.rank('a', [{ id: 'a', texts: ['a'] }], options)).toEqual([{ id: 'by-words', score: 1 }]);
  });
});

describe('a long query', () => {
  it('is cut between words into parts of about the same length', () => {
    const text = Array.from({ length: 100 }, (_, at) => `word${at}`).join(' ');
    const chunks = toChunks(text, 40);
    expect(chunks.join(' ')).toBe(text);
    expect(chunks.length).toBeGreaterThan(3);
    for (const chunk of chunks) expect(estimateTokens(chunk)).toBeLessThanOrEqual(45);
  });

  it('is cut anywhere where there are no words', () => {
    const text = '自行车的座位太高了'.repeat(40);
    const chunks = toChunks(text, 50);
    expect(chunks.join('')).toBe(text);
    for (const chunk of chunks) expect(estimateTokens(chunk)).toBeLessThanOrEqual(50);
  });

  it('keeps a word whole that is longer than a part', () => {
    expect(toChunks('a reallylongword b', 1).join('')).toBe('areallylongwordb');
  });

  it('counts by its nearest part', async () => {
    await using fake = await startOpenAiFake();
    const { nlp } = await open('openai', fake);
    const query = `${'zzz '.repeat(5_000)} saddle`;
    const ranked = await nlp.rank(
      query,
      [
        { id: 'other', texts: ['mmm'] },
        { id: 'seat', texts: ['saddle zz'] },
      ],
      options,
    );
    expect(ranked[0]?.id).toBe('seat');
    expect(inputsOf(fake).flat().length).toBeGreaterThan(3);
  });

  it('has a beginning that a model takes', () => {
    expect(firstTokens('short', 10)).toBe('short');
    expect(estimateTokens(firstTokens('漢'.repeat(100), 10))).toBe(10);
    expect(firstTokens('', 10)).toBe('');
  });
});

describe('vectors of texts', () => {
  it('are forgotten in the order of their last use', () => {
    const cache = createVectorCache({ maxTexts: 2 });
    const vector = Float32Array.of(1);
    cache.set('a', vector);
    cache.set('b', vector);
    cache.get('a');
    cache.set('c', vector);
    expect(['a', 'b', 'c'].map((text) => cache.get(text) !== undefined)).toEqual([true, false, true]);
  });

  it('are kept by the text itself, however alike two of them are', () => {
    const cache = createVectorCache({ maxTexts: 10 });
    cache.set('costarring', Float32Array.of(1)); // the same 32-bit checksum
    cache.set('liquid', Float32Array.of(2));
    expect(cache.get('costarring')?.[0]).toBe(1);
  });
});

function inputsOf(fake: ModelFake): readonly (readonly string[])[] {
  return fake.requests.map(({ body }) => [body['input']].flat().map(String));
}

async function open(name: ModelProviderName, fake: ModelFake) {
  const provider = await openProvider(name, { settings: { apiKey: 'k', baseUrl: fake.url }, env: {} });
  const clock = createPatientClock();
  const told: NlpRequest[] = [];
  const nlp: NlpService = createAiSdkNlp({
    provider,
    fallbackRank: async () => [{ id: 'by-words', score: 1 }],
    clock,
    onRequest: (request) => void told.push(request),
  });
  return { nlp, clock, told };
}
