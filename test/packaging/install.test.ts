/** What `npm start` does first. npm itself is a script here that notes how it was called, and the project an empty folder. */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readDocument } from './documents.ts';
import { root, temporaryFolder } from './program.ts';

const script = join(root, '.config/ensure-installed.mjs');
const express = { version: '5.3.0' };
const otherPlatform = { version: '1.0.0', optional: true };

describe('before a start, what the lockfile names', () => {
  it('is left alone when it is there', async () => {
    await using project = await installed();
    expect(await ensure(project)).toEqual({ code: 0, npm: undefined, stderr: '' });
  });

  it('may lack packages of other platforms', async () => {
    await using project = await installed();
    await writeLock(project.path, {
      '': {},
      'node_modules/express': express,
      'node_modules/for-windows': otherPlatform,
    });
    expect(await ensure(project)).toMatchObject({ npm: undefined });
  });

  it('is installed when nothing is there, development dependencies too', async () => {
    await using project = await installed();
    await rm(join(project.path, 'node_modules'), { recursive: true });
    const { code, npm, stderr } = await ensure(project, { NODE_ENV: 'production' });
    expect({ code, stderr }).toEqual({ code: 0, stderr: 'Installing what is missing (once) …\n' });
    expect(npm).toMatch(/^ci --include=dev /);
  });

  it.each([
    ['has another version', { 'node_modules/express': { version: '5.3.1' } }],
    ['has grown', { 'node_modules/express': express, 'node_modules/zod': { version: '4.6.7' } }],
  ])('is installed when it %s', async (_, packages) => {
    await using project = await installed();
    await writeLock(project.path, packages);
    expect((await ensure(project)).npm).toMatch(/^ci /);
  });

  it('is installed when a package was deleted', async () => {
    await using project = await installed();
    await rm(join(project.path, 'node_modules/express'), { recursive: true });
    expect((await ensure(project)).npm).toMatch(/^ci /);
  });

  it('is told to be wanting, in one line, when the install fails', async () => {
    await using project = await installed();
    await rm(join(project.path, 'node_modules'), { recursive: true });
    const { code, stderr } = await ensure(project, { FAIL: '1' });
    expect({ code, last: stderr.split('\n').at(-2) }).toEqual({ code: 1, last: 'npm ci failed, see above.' });
  });

  it('is told to be wanting, in one line, when it brought no Node that is new enough', async () => {
    await using project = await installed();
    const old = join(project.path, 'old');
    await mkdir(old);
    await writeFile(
      join(old, 'node'),
      `#!/bin/sh\n[ "$1" = --version ] && echo v20.1.0 || exec '${process.execPath}' "$@"\n`,
    );
    await chmod(join(old, 'node'), 0o755);
    const { code, npm, stderr } = await ensure(project, { PATH: [old, '/usr/bin', '/bin'].join(delimiter) });
    expect({ code, npm: npm?.slice(0, 3) }).toEqual({ code: 1, npm: 'ci ' });
    expect(stderr.split('\n').at(-2)).toMatch(
      /^Colloquy needs Node 24 or newer, and npm may not install it here/,
    );
  });
});

describe('the lockfile', () => {
  it('names no registry, so that any will do', () => {
    const { packages } = JSON.parse(readDocument('package-lock.json')) as {
      packages: Record<string, object>;
    };
    expect(Object.entries(packages).filter(([, entry]) => 'resolved' in entry)).toEqual([]);
    expect(readDocument('.npmrc')).not.toMatch(/registry *=|https?:/);
  });
});

/** A project whose one package is there. */
async function installed(): Promise<AsyncDisposable & { readonly path: string }> {
  const folder = await temporaryFolder();
  const packages = { 'node_modules/express': express };
  await mkdir(join(folder.path, 'node_modules/express'), { recursive: true });
  await writeLock(folder.path, { '': {}, ...packages });
  await writeFile(join(folder.path, 'node_modules/.package-lock.json'), JSON.stringify({ packages }));
  const note = `import { writeFileSync } from 'node:fs';
    writeFileSync('called', process.argv.slice(2).join(' '));
    process.exit(process.env.FAIL ? 1 : 0);`;
  await writeFile(join(folder.path, 'npm-cli.mjs'), note);
  return folder;
}

async function writeLock(folder: string, packages: object): Promise<void> {
  await writeFile(join(folder, 'package-lock.json'), JSON.stringify({ packages }));
}

async function ensure({ path }: { readonly path: string }, env: Readonly<Record<string, string>> = {}) {
  const found = [dirname(process.execPath), process.env['PATH']].join(delimiter);
  const { code, stderr } = await new Promise<{ code: number; stderr: string }>((done) => {
    execFile(
      process.execPath,
      [script],
      { cwd: path, env: { PATH: found, npm_execpath: join(path, 'npm-cli.mjs'), ...env } },
      (error, _, text) => done({ code: Number(error?.code ?? 0), stderr: text }),
    );
  });
  const called = join(path, 'called');
  return { code, stderr, npm: existsSync(called) ? readFileSync(called, 'utf8') : undefined };
}
