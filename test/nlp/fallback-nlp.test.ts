import { describe, expect, it } from 'vitest';
import { NlpError } from '../../src/errors.ts';
import { createFallbackNlp } from '../../src/nlp/fallback-nlp.ts';
import type { NlpService } from '../../src/nlp/nlp.ts';
import { sampleAnswers, sampleInputs } from '../support/nlp-samples.ts';

const options = { temperature: 0, signal: new AbortController().signal };

describe('providers behind one another', () => {
  it('are one alone where there is one', () => {
    const only = working('a');
    expect(createFallbackNlp([only])).toBe(only);
  });

  it('are asked in order, until one answers', async () => {
    const nlp = createFallbackNlp([failing('a'), working('b'), working('c')]);
    expect(nlp.name).toBe('a, b, c');
    expect((await nlp.ask('preamble', sampleInputs.preamble, options)).info.model).toBe('b');
    expect(await nlp.rank('x', [], options)).toEqual([{ id: 'b', score: 1 }]);
    expect(await nlp.moderate?.('x', options)).toEqual({ flagged: true, tags: ['hate'] });
    expect(await speak(nlp)).toEqual(['b', ' speaks']);
  });

  it('fail as the last one does', async () => {
    const nlp = createFallbackNlp([failing('a'), failing('b')]);
    await expect(nlp.ask('preamble', sampleInputs.preamble, options)).rejects.toThrow(/of b gave/);
    await expect(nlp.rank('x', [], options)).rejects.toThrow(/of b gave/);
    await expect(speak(nlp)).rejects.toThrow(/of b gave/);
  });

  it('do not speak on for one that broke off', async () => {
    const brokenOff: NlpService = {
      ...working('a'),
      async *streamText() {
        yield 'half';
        throw new NlpError('a', 'it broke off');
      },
    };
    await expect(speak(createFallbackNlp([brokenOff, working('b')]))).rejects.toThrow(/of a gave/);
  });

  it('are not gone through for a caller who is gone, nor for a mistake of ours', async () => {
    const gone = { ...options, signal: AbortSignal.abort(new Error('gone')) };
    const nlp = createFallbackNlp([failing('a'), working('b')]);
    await expect(nlp.ask('preamble', sampleInputs.preamble, gone)).rejects.toThrow(/of a gave/);
    const buggy = { ...working('a'), rank: () => Promise.reject(new TypeError('a bug')) };
    await expect(createFallbackNlp([buggy, working('b')]).rank('x', [], options)).rejects.toThrow('a bug');
  });

  it('can do what any of them can', () => {
    const { streamText: _, moderate: __, ...plain } = working('a');
    expect(createFallbackNlp([plain, plain])).not.toHaveProperty('moderate');
    expect(createFallbackNlp([plain, plain])).not.toHaveProperty('streamText');
    expect(createFallbackNlp([plain, working('b')])).toMatchObject({
      moderate: expect.any(Function),
      streamText: expect.any(Function),
    });
  });

  it('are all closed', async () => {
    const closed: string[] = [];
    const closing = (name: string): NlpService => ({
      ...working(name),
      close: async () => void closed.push(name),
    });
    await createFallbackNlp([closing('a'), closing('b')]).close();
    expect(closed).toEqual(['a', 'b']);
  });
});

function working(name: string): NlpService {
  return {
    name,
    ask: async (question) => ({
      answer: sampleAnswers[question],
      info: { question, model: name, durationMs: 0, usage: { inputTokens: 0, outputTokens: 0 } },
    }),
    async *streamText() {
      yield name;
      yield ' speaks';
    },
    rank: async () => [{ id: name, score: 1 }],
    moderate: async () => ({ flagged: true, tags: ['hate'] }),
    close: async () => {},
  };
}

function failing(name: string): NlpService {
  const fail = () => Promise.reject(new NlpError(name, 'it failed'));
  return {
    name,
    ask: fail,
    // oxlint-disable-next-line require-yield -- it fails before it speaks
    async *streamText() {
      throw new NlpError(name, 'it failed');
    },
    rank: fail,
    moderate: fail,
    close: async () => {},
  };
}

async function speak(nlp: NlpService): Promise<readonly string[]> {
  const pieces: string[] = [];
  for await (const piece of nlp.streamText?.(sampleInputs.canned_draft, options) ?? []) pieces.push(piece);
  return pieces;
}
