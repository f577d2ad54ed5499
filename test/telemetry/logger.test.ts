import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { NlpError } from '../../src/errors.ts';
import { createLogger } from '../../src/telemetry/logger.ts';

function lineOf(err: unknown): string {
  const lines: string[] = [];
  const sink = new Writable({
    write(line, _encoding, done) {
      lines.push(String(line));
      done();
    },
  });
  createLogger({ logLevel: 'error' }, sink).error({ err }, 'something failed');
  return lines.join('');
}

describe('a line about an error', () => {
  it('says where it came from, and what it came of', () => {
    const line = lineOf(new Error('no room', { cause: new Error('disk full') }));
    expect(line).toContain('logger.test.ts');
    expect(line).toMatch(/no room.*disk full/);
  });

  it('says why a language model failed, and not what its provider said of it', () => {
    const said = new Error('Incorrect API key sk-secret for the prompt "I am ill"');
    const line = lineOf(Object.assign(new NlpError('openai/gpt', 'it refused the key'), { cause: said }));
    expect(line).toContain('openai/gpt gave no usable answer: it refused the key.');
    expect(line).toContain('"code":"NLP_FAILED"');
    expect(line).not.toMatch(/secret|ill/);
  });
});
