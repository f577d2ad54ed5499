import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as domainErrors from '../../src/errors.ts';
import * as httpErrors from '../../src/http/errors.ts';
import { upstreamCodes } from '../../src/upstream/upstream.ts';
import { startServer } from '../support/server.ts';

const read = (file: string) => readFileSync(new URL(`../../docs/${file}`, import.meta.url), 'utf8');

/** Code and status of every error class; the constructors are fed with nothing, which they put into their messages. */
const errors = Object.values({ ...domainErrors, ...httpErrors })
  .filter((each) => typeof each === 'function' && each !== domainErrors.DomainError)
  .map((each) =>
    Reflect.construct(
      each,
      ['a', 'b', 'c'].map((text) => Object.assign([], { toString: () => text })),
    ),
  )
  .filter((error): error is domainErrors.DomainError => error instanceof domainErrors.DomainError);

describe('docs/errors.md', () => {
  it('lists every code with its status, and no other', () => {
    const documented = [...read('errors.md').matchAll(/^\| `([A-Z_]+)`\s+\| (\d{3})\s+\|/gm)].map(
      ([, code, status]) => `${code} ${status}`,
    );
    expect(documented.toSorted()).toEqual(errors.map(({ code, status }) => `${code} ${status}`).toSorted());
  });

  it('has no code twice', () => {
    const codes = errors.map(({ code }) => code);
    expect(codes).toEqual([...new Set(codes)]);
  });
});

describe('docs/events.md', () => {
  it('lists every code that a turn fails with and no error or upstream has, and no other', () => {
    const sources = ['src/session', 'machines'].flatMap((folder) => {
      const url = new URL(`../../${folder}/`, import.meta.url);
      return readdirSync(url).map((file) => readFileSync(new URL(file, url), 'utf8'));
    });
    const elsewhere = new Set<string>([...upstreamCodes, ...errors.map(({ code }) => code)]);
    const given = sources
      .flatMap((text) => [...text.matchAll(/\bcode(?::| =)[^,;\n]*'([A-Z_]+)'/g)])
      .map(([, code = '']) => code)
      .filter((code) => !elsewhere.has(code));
    const [, section = ''] = read('events.md').split('## Codes of `error`');
    const [table = ''] = section.split('\n## ');
    const documented = [...table.matchAll(/^\| `([A-Z_]+)`\s+\|/gm)].map(([, code]) => code);
    expect(new Set(documented)).toEqual(new Set(given));
  });
});

describe('docs/metrics.md', () => {
  it('lists every metric of ours with its labels, and no other', async () => {
    await using server = await startServer();
    const { text } = await server.http().get('/metrics');
    const exposed = [...text.matchAll(/^# TYPE (colloquy_\w+)/gm)].map(([, name]) => name);
    const documented = [...read('metrics.md').matchAll(/^\| `(colloquy_\w+)`\s+\|/gm)].map(
      ([, name]) => name,
    );
    expect(new Set(documented)).toEqual(new Set(exposed));
  });
});
