import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { upstreamCodes } from '../../src/upstream/upstream.ts';

it('docs/upstream.md lists every code, and no other', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/upstream.md'), 'utf8');
  const listed = [...page.matchAll(/^\| `(UPSTREAM_\w+)` /gm)].map(([, code]) => code);
  expect(listed).toEqual([...upstreamCodes]);
});
