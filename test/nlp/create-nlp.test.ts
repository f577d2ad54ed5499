import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createNlp, createNlpServices } from '../../src/nlp/create-nlp.ts';
import { startAnthropicFake } from '../support/anthropic-fake.ts';
import { sampleAnswers, sampleInputs } from '../support/nlp-samples.ts';
import { startOpenAiFake } from '../support/openai-fake.ts';
import { createPatientClock } from '../support/patient-clock.ts';

const root = join(import.meta.dirname, '../..');
const never = new AbortController().signal;
const options = { temperature: 0, signal: never };
const answered = { kind: 'text', text: JSON.stringify(sampleAnswers.preamble) } as const;

describe('the language provider that is named', () => {
  it('is the offline one, which loads nothing of the others', async () => {
    expect((await createNlp({ nlp: 'offline' }, { env: {} })).name).toBe('offline');
    const { offline, openai } = await loadedBy(['offline', 'openai']);
    expect(offline?.filter((module) => /ai-sdk|node_modules\/ai\//.test(module))).toEqual([]);
    expect(openai?.some((module) => module.includes('@ai-sdk/openai/'))).toBe(true);
    expect(
      openai?.filter((module) => /@ai-sdk\/(anthropic|google|mistral|azure|amazon)/.test(module)),
    ).toEqual([]);
  });

  it('is asked with the settings, before the variables of its vendor', async () => {
    await using fake = await startOpenAiFake();
    fake.reply(answered);
    const nlp = await createNlp(
      { nlp: 'openai', nlpModel: 'gpt-4.1', nlpApiKey: 'mine', nlpBaseUrl: fake.url },
      { env: { OPENAI_API_KEY: 'theirs' } },
    );
    expect(nlp.name).toBe('openai/gpt-4.1');
    await nlp.ask('preamble', sampleInputs.preamble, options);
    expect(fake.requests).toMatchObject([
      { headers: { authorization: 'Bearer mine' }, body: { model: 'gpt-4.1' } },
    ]);
  });

  it('may be named with its model', async () => {
    const nlp = await createNlp(
      { nlp: 'openrouter/vendor/model:free' },
      { env: { OPENROUTER_API_KEY: 'k' } },
    );
    expect(nlp.name).toBe('openrouter/vendor/model:free');
  });

  it('is told to be wanting in one line', async () => {
    await expect(createNlp({ nlp: 'anthropic' }, { env: {} })).rejects.toMatchObject({
      name: 'NlpSettingsError',
      message: 'ANTHROPIC_API_KEY must be set: the language provider anthropic needs it.',
    });
    await expect(createNlp({ nlp: 'magic' }, { env: {} })).rejects.toThrow(
      /^There is no language provider 'magic'; there are offline, /,
    );
  });

  it('compares texts by their words where it has no vectors', async () => {
    const nlp = await createNlp({ nlp: 'anthropic' }, { env: { ANTHROPIC_API_KEY: 'k' } });
    const candidates = [
      { id: 'wheel', texts: ['spokes and rims'] },
      { id: 'seat', texts: ['a saddle that is too high'] },
    ];
    const [first] = await nlp.rank('the saddle is too high for me', candidates, options);
    expect(first?.id).toBe('seat');
  });

  it('is followed by others, in order, who never see its key', async () => {
    await using first = await startAnthropicFake();
    await using second = await startOpenAiFake();
    first.reply({ kind: 'error', status: 401 });
    second.reply(answered);
    const settings = {
      nlp: 'anthropic, openai-compatible/m',
      nlpApiKey: 'of anthropic',
      nlpBaseUrl: first.url,
    };
    await expect(createNlp(settings, { env: {} })).rejects.toThrow(
      'NLP_BASE_URL must be set: the language provider openai-compatible needs it.',
    );
    const nlp = await createNlp(
      { ...settings, nlp: 'anthropic, litellm/m' },
      { env: { LITELLM_PROVIDER_BASE_URL: second.url }, clock: createPatientClock() },
    );
    const { answer } = await nlp.ask('preamble', sampleInputs.preamble, options);
    expect(answer).toEqual(sampleAnswers.preamble);
    expect(first.requests).toHaveLength(1);
    expect(second.requests).toHaveLength(1);
    expect(second.requests[0]?.headers.authorization).toBeUndefined();
  });
});

describe('an agent', () => {
  it('has the ordinary provider where it names none, and else its own, opened once', async () => {
    const services = await createNlpServices(
      { nlp: 'openai/gpt-5.4' },
      { env: { OPENAI_API_KEY: 'k', DEEPSEEK_API_KEY: 'k' } },
    );
    expect(await services.named(undefined)).toBe(services.ordinary);
    expect(await services.named('openai')).toMatchObject({ name: 'openai/gpt-5.4' });
    expect(await services.named('openai/gpt-5.4-mini')).toMatchObject({ name: 'openai/gpt-5.4-mini' });
    expect(await services.named('deepseek')).toBe(await services.named('deepseek'));
    expect(await services.named('deepseek, openai')).toBe(await services.named('deepseek, openai'));
    await services.close();
  });

  it('is told what is wrong with the one it names, and may name another', async () => {
    const services = await createNlpServices({ nlp: 'openai' }, { env: { OPENAI_API_KEY: 'k' } });
    await expect(services.named('anthropic')).rejects.toThrow('ANTHROPIC_API_KEY must be set');
    await expect(services.named('')).rejects.toThrow("There is no language provider ''");
    expect((await services.named('openai/gpt-5.4')).name).toBe('openai/gpt-5.4');
    await services.close();
  });
});

/** What is loaded for it, in a process of its own. */
async function loadedBy(names: readonly string[]): Promise<Readonly<Record<string, readonly string[]>>> {
  const loaded = await Promise.all(
    names.map(async (name) => {
      const script = `
        import { registerHooks } from 'node:module';
        const loaded = [];
        registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
        const { createNlp } = await import('./src/nlp/create-nlp.ts');
        await createNlp({ nlp: '${name}' }, { env: { OPENAI_API_KEY: 'k' } });
        console.log(JSON.stringify(loaded));`;
      const args = ['--input-type=module', '--eval', script];
      const { stdout } = await promisify(execFile)(process.execPath, args, {
        cwd: root,
        maxBuffer: 10_000_000,
      });
      return [name, JSON.parse(stdout) as readonly string[]] as const; // as the script writes it
    }),
  );
  return Object.fromEntries(loaded);
}
