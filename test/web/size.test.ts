import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildPage } from '../support/web/built-page.ts';

const LIMIT_KB = 175;

describe('what a browser loads', () => {
  let page: Awaited<ReturnType<typeof buildPage>>;
  beforeAll(async () => {
    page = await buildPage();
  }, 60_000);
  afterAll(() => page[Symbol.asyncDispose]());

  /** Everything there is when the page is first seen: what `index.html` names, and the worker. */
  async function firstLoad(): Promise<readonly string[]> {
    const html = await readFile(join(page.path, 'index.html'), 'utf8');
    const named = [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)].map(([, file = '']) => file);
    const worker = (await readdir(join(page.path, 'assets'))).filter((file) =>
      file.startsWith('shared-worker'),
    );
    return ['index.html', ...named, ...worker.map((file) => join('assets', file))];
  }

  it(`is at most ${LIMIT_KB} KB at first, with Markdown and the operator page apart`, async () => {
    const files = await firstLoad();
    const zipped = await Promise.all(
      files.map(async (file) => gzipSync(await readFile(join(page.path, file))).length),
    );
    expect(zipped.reduce((sum, bytes) => sum + bytes)).toBeLessThanOrEqual(LIMIT_KB * 1024);
    expect(files.join(' ')).toMatch(/index-.*\.js/);
    expect(files.join(' ')).not.toMatch(/markdown|operations/);
    const all = (await readdir(join(page.path, 'assets'))).join(' ');
    expect(all).toMatch(/markdown-.*operations-/);
  });

  it('comes from this server alone', async () => {
    const names = await readdir(join(page.path, 'assets'));
    const texts = await Promise.all(
      names
        .filter((name) => name.endsWith('.css'))
        .map((name) => readFile(join(page.path, 'assets', name), 'utf8')),
    );
    expect(texts.join('')).not.toMatch(/@import|@font-face|url\((?!['"]?#)/);
    expect(await readFile(join(page.path, 'index.html'), 'utf8')).not.toMatch(/https?:/);
  });
});
