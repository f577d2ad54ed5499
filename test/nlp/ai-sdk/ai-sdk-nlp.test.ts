import { channel } from 'node:diagnostics_channel';
import { afterAll, describe, expect, it } from 'vitest';
import type { NlpService } from '../../../src/nlp/nlp.ts';
import { createAiSdkNlp } from '../../../src/nlp/ai-sdk/ai-sdk-nlp.ts';
import type { NlpRequest } from '../../../src/nlp/ai-sdk/measure.ts';
import type { ProviderSettings } from '../../../src/nlp/ai-sdk/providers/access.ts';
import { openProvider } from '../../../src/nlp/ai-sdk/providers/open-provider.ts';
import type { ModelProviderName } from '../../../src/nlp/provider-names.ts';
import { questionNames } from '../../../src/nlp/questions/questions.ts';
import { startAnthropicFake } from '../../support/anthropic-fake.ts';
import type { ModelFake, ModelReply } from '../../support/model-fake.ts';
import { sampleAnswers, sampleInputs } from '../../support/nlp-samples.ts';
import { questionOf, startChatFake, startOpenAiFake } from '../../support/openai-fake.ts';
import { createPatientClock } from '../../support/patient-clock.ts';

const contacted = new Set<string>();
const watch = (message: unknown) => {
  const { request } = message as { readonly request: { readonly origin: string } }; // as undici documents it
  contacted.add(new URL(request.origin).hostname);
};
channel('undici:request:create').subscribe(watch);
afterAll(() => {
  channel('undici:request:create').unsubscribe(watch);
});

const never = new AbortController().signal;
const options = { temperature: 0.3, signal: never };

/** Each by its own wire. */
const vendors = [
  { name: 'openai', start: startOpenAiFake },
  { name: 'anthropic', start: startAnthropicFake },
  { name: 'openai-compatible', start: startChatFake },
  { name: 'deepseek', start: startChatFake },
] as const;

describe.each(vendors)('$name', ({ name, start }) => {
  it.each(questionNames)('answers %s', async (question) => {
    await using fake = await start();
    const { nlp } = await open(name, fake);
    fake.reply({ kind: 'text', text: JSON.stringify(sampleAnswers[question]) });
    const { answer, info } = await nlp.ask(question, sampleInputs[question], options);
    expect(answer).toEqual(sampleAnswers[question]);
    expect(info).toEqual({
      question,
      model: expect.stringMatching(/./),
      durationMs: 0,
      usage: { inputTokens: 120, outputTokens: 30, cachedInputTokens: 100 },
    });
    expect(fake.requests).toHaveLength(1);
  });

  it('speaks, a few words at a time', async () => {
    await using fake = await start();
    const { nlp, told } = await open(name, fake);
    const text = 'One two three four five. Six, seven eight!';
    fake.reply({ kind: 'text', text });
    const pieces = await speak(nlp);
    expect(pieces).toEqual(['One two three ', 'four five. Six, ', 'seven eight!']);
    expect(pieces.join('')).toBe(text);
    expect(told).toMatchObject([{ kind: 'stream', usage: { inputTokens: 120, outputTokens: 30 } }]);
  });

  it('says nothing where there is nothing to say', async () => {
    await using fake = await start();
    const { nlp } = await open(name, fake);
    fake.reply({ kind: 'text', text: '' });
    expect(await speak(nlp)).toEqual([]);
  });

  it.each<readonly [string, ModelReply, readonly number[]]>([
    ['is busy', { kind: 'error', status: 429 }, [1]],
    ['says how long it is busy', { kind: 'error', status: 429, headers: { 'retry-after': '7' } }, [7]],
    ['names the time it is busy until', busyUntil(9), [9]],
    ['is overloaded', { kind: 'error', status: 529 }, [1]],
    ['fails', { kind: 'error', status: 500 }, [1]],
    ['takes too long by itself', { kind: 'error', status: 408 }, [1]],
    ['drops the connection', { kind: 'reset' }, [1]],
    ['breaks off in the middle', { kind: 'cut', text: 'It is so' }, [1]],
    ['says something else', { kind: 'body', body: '<html>Bad gateway</html>' }, [1]],
    ['writes no JSON', { kind: 'text', text: 'I think it applies.' }, [1]],
    ['writes nothing', { kind: 'text', text: '' }, [1]],
    ['writes JSON of another form', { kind: 'text', text: '{"checks":[{"n":"1"}]}' }, [1]],
  ])('is asked again when it %s', async (_, reply, pauses) => {
    await using fake = await start();
    const { nlp, clock } = await open(name, fake);
    fake.reply(reply, { kind: 'text', text: JSON.stringify(sampleAnswers.observational) });
    const { answer } = await nlp.ask('observational', sampleInputs.observational, options);
    expect(answer).toEqual(sampleAnswers.observational);
    expect(clock.pauses).toEqual(pauses);
  });

  it.each<readonly [string, ModelReply, string, number]>([
    ['is always busy', { kind: 'error', status: 429 }, 'it takes no more requests for now (HTTP 429)', 3],
    ['always fails', { kind: 'error', status: 503 }, 'it failed (HTTP 503)', 2],
    ['never holds a connection', { kind: 'reset' }, 'the connection failed', 3],
    ['never writes JSON', { kind: 'text', text: 'No.' }, 'its answer holds no JSON that can be read', 3],
    [
      'never keeps to the form',
      { kind: 'text', text: '{"checks":[{"n":"1","rationale":"x"}]}' },
      'its answer does not fit the question (at checks.0.applies)',
      3,
    ],
    [
      'refuses',
      { kind: 'text', text: 'I cannot help with that.', ends: 'refusal' },
      'it refused to answer',
      1,
    ],
    [
      'is cut off',
      { kind: 'text', text: '{"checks":[{"n":"1"', ends: 'length' },
      'its answer was cut off at the longest it may write',
      1,
    ],
    ['does not know the key', { kind: 'error', status: 401 }, 'it refused the key (HTTP 401)', 1],
    ['does not know the model', { kind: 'error', status: 404 }, 'it refused the request (HTTP 404)', 1],
    ['finds the question too long', { kind: 'error', status: 413 }, 'it refused the request (HTTP 413)', 1],
    ['wants to be paid', { kind: 'error', status: 402 }, 'its quota is used up (HTTP 402)', 1],
    [
      'wants to be paid and says so as if it were busy',
      { kind: 'error', status: 429, code: 'insufficient_quota' },
      'its quota is used up (HTTP 429)',
      1,
    ],
    [
      'is busy for longer than one waits',
      { kind: 'error', status: 429, headers: { 'retry-after': '3600' } },
      'it takes no more requests for now (HTTP 429)',
      1,
    ],
  ])('says plainly that it %s', async (_, reply, reason, requests) => {
    await using fake = await start();
    const { nlp, told } = await open(name, fake);
    fake.reply(reply);
    await expect(nlp.ask('observational', sampleInputs.observational, options)).rejects.toMatchObject({
      code: 'NLP_FAILED',
      message: `The language model of ${nlp.name} gave no usable answer: ${reason}.`,
    });
    expect(fake.requests).toHaveLength(requests);
    expect(told).toHaveLength(requests);
    for (const each of told) expect(each.failure).toMatch(/./);
  });

  it('gives up after a minute, whatever it is doing', async () => {
    await using fake = await start();
    const { nlp, clock, told } = await open(name, fake);
    fake.reply({ kind: 'silence' });
    const asking = nlp.ask('observational', sampleInputs.observational, options);
    await expect.poll(() => fake.requests.length).toBe(1);
    clock.expire();
    await expect(asking).rejects.toMatchObject({
      code: 'NLP_FAILED',
      message: expect.stringMatching(/it took longer than 60 s\.$/),
    });
    expect(told).toMatchObject([{ failure: 'timeout' }]);
  });

  it('stops at once when nobody wants the answer any more', async () => {
    await using fake = await start();
    const { nlp, told } = await open(name, fake);
    fake.reply({ kind: 'silence' });
    const caller = new AbortController();
    const asking = nlp.ask('observational', sampleInputs.observational, {
      ...options,
      signal: caller.signal,
    });
    await expect.poll(() => fake.requests.length).toBe(1);
    const reason = new Error('interrupted');
    caller.abort(reason);
    await expect(asking).rejects.toBe(reason);
    expect(told).toEqual([]);
  });

  it('is not even asked by a caller who is gone', async () => {
    await using fake = await start();
    const { nlp } = await open(name, fake);
    const reason = new Error('gone');
    const asking = nlp.ask('continuous', sampleInputs.continuous, {
      ...options,
      signal: AbortSignal.abort(reason),
    });
    await expect(asking).rejects.toBe(reason);
    expect(fake.requests).toEqual([]);
  });

  it.each<readonly [string, ModelReply]>([
    ['fails', { kind: 'error', status: 500 }],
    ['is busy', { kind: 'error', status: 429 }],
    ['drops the connection', { kind: 'reset' }],
  ])('begins to speak again when it %s before the first word', async (_, reply) => {
    await using fake = await start();
    const { nlp, clock } = await open(name, fake);
    fake.reply(reply, { kind: 'text', text: 'Here I am.' });
    const pieces = await speak(nlp);
    expect(pieces).toEqual(['Here I am.']);
    expect(clock.pauses).toEqual([1]);
  });

  it.each<readonly [string, ModelReply, string]>([
    ['the connection breaks', { kind: 'cut', text: 'one two three four five' }, 'the connection failed'],
    [
      'it ends without an end',
      { kind: 'unfinished', text: 'one two three four five' },
      'its answer broke off',
    ],
    [
      'it may not write more',
      { kind: 'text', text: 'one two three four five', ends: 'length' },
      'its answer was cut off at the longest it may write',
    ],
  ])('does not begin again in the middle of a text where %s', async (_, reply, reason) => {
    await using fake = await start();
    const { nlp, told } = await open(name, fake);
    fake.reply(reply);
    const said: string[] = [];
    const speaking = (async () => {
      for await (const piece of nlp.streamText?.(sampleInputs.canned_draft, options) ?? []) said.push(piece);
    })();
    await expect(speaking).rejects.toMatchObject({
      code: 'NLP_FAILED',
      message: expect.stringContaining(reason),
    });
    expect(said.join('')).toBe('one two three ');
    expect(fake.requests).toHaveLength(1);
    expect(told).toMatchObject([{ kind: 'stream', failure: expect.any(String) }]);
  });

  it('lets go of a text that nobody listens to', async () => {
    await using fake = await start();
    const { nlp, clock } = await open(name, fake);
    fake.reply({ kind: 'text', text: 'one two three four five six seven' });
    for await (const _ of nlp.streamText?.(sampleInputs.canned_draft, options) ?? []) break;
    expect(clock.limits()).toBe(0);
  });

  it('is known by a name with its model', async () => {
    await using fake = await start();
    expect((await open(name, fake)).nlp.name).toMatch(new RegExp(`^${name}/[\\w.-]+$`));
  });
});

describe('a question', () => {
  it('goes to OpenAI with its schema and temperature, and is not kept there', async () => {
    await using fake = await startOpenAiFake();
    const { nlp } = await open('openai', fake);
    fake.reply({ kind: 'text', text: JSON.stringify(sampleAnswers.selection) });
    await nlp.ask('selection', sampleInputs.selection, options);
    const [request] = fake.requests;
    expect(request && questionOf(request)).toBe('selection');
    expect(request).toMatchObject({
      path: '/responses',
      headers: { authorization: 'Bearer some-key' },
      body: {
        model: 'gpt-5.4',
        store: false,
        temperature: 0.3,
        reasoning: { effort: 'none' },
        text: { format: { type: 'json_schema', strict: true, schema: { additionalProperties: false } } },
        input: [{ role: 'developer' }, { role: 'user' }],
      },
    });
  });

  it('goes to Anthropic with its schema, with a temperature only where the model takes one', async () => {
    await using fake = await startAnthropicFake();
    const text = JSON.stringify(sampleAnswers.selection);
    fake.reply({ kind: 'text', text });
    const { nlp } = await open('anthropic', fake);
    await nlp.ask('selection', sampleInputs.selection, options);
    const older = await open('anthropic', fake, { model: 'claude-sonnet-4-6' });
    await older.nlp.ask('selection', sampleInputs.selection, options);
    expect(fake.requests).toMatchObject([
      {
        path: '/messages',
        headers: { 'x-api-key': 'some-key' },
        body: {
          model: 'claude-sonnet-5',
          thinking: { type: 'disabled' },
          max_tokens: 16_000,
          output_config: { format: { type: 'json_schema' } },
        },
      },
      { body: { model: 'claude-sonnet-4-6', temperature: 0.3 } },
    ]);
    expect(fake.requests[0]?.body).not.toHaveProperty('temperature');
  });

  it('goes to a Claude that knows no schemas as a tool that it must use', async () => {
    await using fake = await startAnthropicFake();
    fake.reply({ kind: 'text', text: JSON.stringify(sampleAnswers.selection) });
    const { nlp } = await open('anthropic', fake, { model: 'claude-sonnet-4-0' });
    const { answer } = await nlp.ask('selection', sampleInputs.selection, options);
    expect(answer).toEqual(sampleAnswers.selection);
    expect(fake.requests).toMatchObject([{ body: { tools: [{ name: 'json' }], temperature: 0.3 } }]);
  });

  it('goes to DeepSeek as one for JSON, without thinking', async () => {
    await using fake = await startChatFake();
    const { nlp } = await open('deepseek', fake);
    fake.reply({ kind: 'text', text: JSON.stringify(sampleAnswers.selection) });
    await nlp.ask('selection', sampleInputs.selection, options);
    expect(fake.requests).toMatchObject([
      {
        path: '/chat/completions',
        body: {
          model: 'deepseek-flash',
          temperature: 0.3,
          thinking: { type: 'disabled' },
          response_format: { type: 'json_object' },
          messages: [{ role: 'system' }, { role: 'user' }],
        },
      },
    ]);
  });

  it.each(['fences', 'a sentence'])('may be answered with %s around the JSON', async (wrapping) => {
    await using fake = await startChatFake();
    const { nlp } = await open('openai-compatible', fake);
    const json = JSON.stringify(sampleAnswers.fluid_message);
    fake.reply({
      kind: 'text',
      text: wrapping === 'fences' ? `\`\`\`json\n${json}\n\`\`\`` : `Sure: ${json}`,
    });
    const { answer } = await nlp.ask('fluid_message', sampleInputs.fluid_message, options);
    expect(answer).toEqual(sampleAnswers.fluid_message);
  });

  it('may be answered with numbers and words for what is text and yes or no', async () => {
    await using fake = await startChatFake();
    const { nlp } = await open('openai-compatible', fake);
    fake.reply({ kind: 'text', text: '{"checks":[{"n":1,"rationale":["so"],"applies":"True"}]}' });
    const { answer } = await nlp.ask('observational', sampleInputs.observational, options);
    expect(answer).toEqual({ checks: [{ n: '1', rationale: '["so"]', applies: true }] });
  });

  it('is put more simply to who does not take a schema, and so from then on', async () => {
    await using fake = await startChatFake();
    const { nlp } = await open('openai-compatible', fake);
    const refused = 'This model does not support response_format json_schema.';
    fake.reply(
      { kind: 'error', status: 400, message: refused },
      { kind: 'error', status: 400, message: refused },
      { kind: 'text', text: JSON.stringify(sampleAnswers.preamble) },
    );
    await nlp.ask('preamble', sampleInputs.preamble, options);
    await nlp.ask('preamble', sampleInputs.preamble, options);
    const formats = fake.requests.map(
      ({ body }) => (body['response_format'] as { type?: string } | undefined)?.type,
    );
    expect(formats).toEqual(['json_schema', 'json_object', undefined, undefined]);
  });

  it('is put without a temperature to who does not take one, and so from then on', async () => {
    await using fake = await startChatFake();
    const { nlp, clock } = await open('openai-compatible', fake);
    fake.reply(
      { kind: 'error', status: 400, message: "Unsupported value: 'temperature' does not support 0.3." },
      { kind: 'text', text: JSON.stringify(sampleAnswers.preamble) },
    );
    await nlp.ask('preamble', sampleInputs.preamble, options);
    fake.reply({ kind: 'text', text: JSON.stringify(sampleAnswers.continuous) });
    await nlp.ask('continuous', sampleInputs.continuous, options);
    expect(fake.requests.map(({ body }) => body['temperature'])).toEqual([0.3, undefined, undefined]);
    expect(clock.pauses).toEqual([]);
  });

  it('is put without a word on thinking to who does not take one', async () => {
    await using fake = await startOpenAiFake();
    const { nlp } = await open('openai', fake, { model: 'o3' });
    fake.reply(
      {
        kind: 'error',
        status: 400,
        message: "Unsupported value: 'reasoning.effort' does not support 'none'.",
      },
      { kind: 'text', text: JSON.stringify(sampleAnswers.preamble) },
    );
    await nlp.ask('preamble', sampleInputs.preamble, options);
    expect(fake.requests.map(({ body }) => body['reasoning'])).toEqual([{ effort: 'none' }, undefined]);
  });

  it('that fails says nothing of what the provider said, which may quote keys and customers', async () => {
    await using fake = await startOpenAiFake();
    const { nlp } = await open('openai', fake);
    fake.reply({ kind: 'error', status: 401, message: 'Incorrect API key provided: some-key' });
    const error: unknown = await nlp.ask('preamble', sampleInputs.preamble, options).catch((e: unknown) => e);
    expect(String(error)).not.toContain('some-key');
    expect(error).toMatchObject({ cause: { message: expect.stringContaining('Incorrect API key') } });
    expect(JSON.stringify(error)).not.toMatch(/Authorization|said \{a\}/);
  });

  it('is told to whoever keeps count, each time it is put', async () => {
    await using fake = await startOpenAiFake();
    const { nlp, told } = await open('openai', fake);
    fake.reply(
      { kind: 'error', status: 429 },
      { kind: 'text', text: 'no JSON' },
      { kind: 'text', text: JSON.stringify(sampleAnswers.preamble) },
    );
    await nlp.ask('preamble', sampleInputs.preamble, options);
    const about = { kind: 'generate', question: 'preamble', provider: 'openai/gpt-5.4', durationMs: 0 };
    const usage = { inputTokens: 120, outputTokens: 30, cachedInputTokens: 100 };
    expect(told).toEqual([
      { ...about, failure: 'rate_limit' },
      { ...about, usage, failure: 'malformed' },
      { ...about, usage },
    ]);
  });

  it('and its answer are shown to a log only where traces are wanted', async () => {
    await using fake = await startOpenAiFake();
    const lines: object[] = [];
    const provider = await openProvider('openai', { settings: { apiKey: 'k', baseUrl: fake.url }, env: {} });
    const nlp = createAiSdkNlp({
      provider,
      fallbackRank: async () => [],
      clock: createPatientClock(),
      logger: { trace: (facts) => void lines.push(facts) },
    });
    fake.reply({ kind: 'text', text: JSON.stringify(sampleAnswers.preamble) });
    await nlp.ask('preamble', sampleInputs.preamble, options);
    expect(lines).toMatchObject([
      { question: 'preamble', material: expect.stringContaining('own words') },
      { question: 'preamble', text: JSON.stringify(sampleAnswers.preamble) },
    ]);
  });
});

describe('all of the above', () => {
  it('was asked of this machine and of no other', () => {
    expect([...contacted]).toEqual(['127.0.0.1']);
  });
});

async function speak(nlp: NlpService): Promise<readonly string[]> {
  const pieces: string[] = [];
  for await (const piece of nlp.streamText?.(sampleInputs.canned_draft, options) ?? []) pieces.push(piece);
  return pieces;
}

type Opened = {
  readonly nlp: NlpService;
  readonly clock: ReturnType<typeof createPatientClock>;
  readonly told: readonly NlpRequest[];
};

async function open(
  name: ModelProviderName,
  fake: ModelFake,
  settings: ProviderSettings = {},
): Promise<Opened> {
  const model = name === 'openai-compatible' ? 'some-model' : undefined;
  const provider = await openProvider(name, {
    settings: { model, apiKey: 'some-key', baseUrl: fake.url, ...settings },
    env: {},
  });
  const clock = createPatientClock();
  const told: NlpRequest[] = [];
  const nlp = createAiSdkNlp({
    provider,
    fallbackRank: async () => [{ id: 'by-words', score: 1 }],
    clock,
    onRequest: (request) => void told.push(request),
  });
  return { nlp, clock, told };
}

function busyUntil(seconds: number): ModelReply {
  const date = new Date(Date.UTC(2030, 0, 1) + seconds * 1_000).toUTCString();
  return { kind: 'error', status: 429, headers: { 'retry-after': date } };
}
