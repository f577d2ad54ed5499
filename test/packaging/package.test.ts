/** The package as others get it: packed, installed into an empty project, and run from there with what README and docs/ show. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { version } from '../../src/version.ts';
import { codeBlocks, jsonOf } from './documents.ts';
import { chat, root, run, start, temporaryFolder } from './program.ts';

const execute = promisify(execFile);

/** An empty project with the package in it, made once for this file. */
let project = '';
const command = (): string => join(project, 'node_modules/.bin/colloquy');

beforeAll(async () => {
  const folder = await temporaryFolder();
  project = join(folder.path, 'project');
  await mkdir(project);
  await execute('npm', ['pack', '--pack-destination', folder.path, '--loglevel=error'], { cwd: root });
  const tarball = (await readdir(folder.path)).find((name) => name.endsWith('.tgz')) ?? '';
  await writeFile(join(project, 'package.json'), '{ "type": "module" }');
  await execute(
    'npm',
    ['install', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error', join('..', tarball)],
    { cwd: project },
  );
  return () => folder[Symbol.asyncDispose]();
}, 180_000);

describe('installed from its tarball, the package', () => {
  it('serves the agent that README shows', async () => {
    const [config = ''] = codeBlocks('README.md', 'ts');
    await writeFile(join(project, 'colloquy.config.ts'), config);
    await using program = await start({ cwd: project, program: command() });
    expect(program.stdout()).toContain('Agents: counter (default)\n');
    const [, , counting = ''] = codeBlocks('README.md', 'sh').flatMap((block) =>
      block.split('\n').filter(isCurl),
    );
    expect(await chat(program.url, jsonOf(counting))).toMatchObject({ text: 'Here we go. 1 2 3 4 5 ' });
    expect(await chat(program.url, jsonOf(counting))).toMatchObject({
      text: 'You asked me 1 times before. 1 2 3 4 5 ',
    });
    program.kill('SIGINT');
    expect(await program.ended).toMatchObject({ code: 0 });
    await rm(join(project, 'colloquy.config.ts'));
  });

  it('serves the agent that README teaches', async () => {
    const [, config = ''] = codeBlocks('README.md', 'ts');
    await writeFile(join(project, 'colloquy.config.ts'), config);
    await using program = await start({ cwd: project, program: command() });
    const answers: string[] = [];
    const open = 'We are open every day from 7 to 4.';
    const told = [
      ['I want a cake', 'What is the flavour?'],
      ['When are you open?', open],
      ['Chocolate, please', 'What is the day it is needed?'],
      ['Are you open on Saturday?', open],
      ['Saturday then', 'The baker will call to confirm.'],
      ['I want to order another cake', 'What is the flavour?'],
    ] as const;
    for (const [message] of told) answers.push((await chat(program.url, { message })).text);
    expect(answers).toEqual(told.map(([, answer]) => answer));
    await rm(join(project, 'colloquy.config.ts'));
  });

  it('serves its example agents, whose knowledge came along', async () => {
    await using program = await start({ cwd: project, program: command(), args: ['serve'] });
    expect(await chat(program.url, { message: 'Tell me about CKD stage 3' })).toMatchObject({
      status: 'ready',
      text: expect.stringMatching(/kidney/i),
    });
    expect((await fetch(`${program.url}/docs`)).status).toBe(200);
    expect((await fetch(`${program.url}/openapi.json`)).status).toBe(200);
    expect(await run({ cwd: project, program: command(), args: ['backup', 'copy'] })).toMatchObject({
      code: 0,
    });
  });

  it('has a command that tells its version and settings', async () => {
    expect(await run({ cwd: project, program: command(), args: ['--version'] })).toMatchObject({
      stdout: `${version}\n`,
    });
    expect((await run({ cwd: project, program: command(), args: ['--help'] })).stdout).toContain(
      'IDLE_AFTER_MS',
    );
  });

  it('says in one line that Node is too old', async () => {
    const pretend = 'Object.defineProperty(process, "versions", { value: { node: "22.1.0" } })';
    const execArgv = ['--import', `data:text/javascript,${encodeURIComponent(pretend)}`];
    expect(await run({ cwd: project, program: command(), execArgv })).toEqual({
      code: 1,
      stdout: '',
      stderr: 'colloquy needs Node 24 or newer; this is 22.1.0.\n',
    });
  });

  it('runs inside another program as docs/embedding.md shows', async () => {
    const [embedding = ''] = codeBlocks('docs/embedding.md', 'ts');
    await writeFile(join(project, 'embedding.ts'), embedding);
    const { code, stdout, stderr } = await run({ cwd: project, program: join(project, 'embedding.ts') });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^ready \[[^]*'You said: Hello'[^]*\]\n200\n$/);
  });

  it('has types that a strict project compiles with', async () => {
    const [program = '', , agents = ''] = codeBlocks('docs/embedding.md', 'ts');
    const blocks = [...codeBlocks('README.md', 'ts'), program, agents];
    await Promise.all(blocks.map((block, n) => writeFile(join(project, `typed-${n}.ts`), block)));
    const settings = { module: 'nodenext', target: 'es2024', strict: true, noEmit: true };
    const types = { types: ['node'], typeRoots: [join(root, 'node_modules/@types')] };
    await writeFile(
      join(project, 'tsconfig.json'),
      JSON.stringify({ compilerOptions: { ...settings, ...types }, include: ['typed-*.ts'] }),
    );
    const compiled = execute(join(root, 'node_modules/.bin/tsc'), ['-p', project]);
    await expect(compiled).resolves.toMatchObject({ stdout: '' });
  });

  it('brings what it needs to run, and nothing else', async () => {
    const installed = join(project, 'node_modules/colloquy');
    expect((await readdir(installed)).toSorted()).toEqual(['LICENSE', 'README.md', 'dist', 'package.json']);
    expect((await readdir(join(installed, 'dist'))).toSorted()).toEqual(['machines', 'src', 'web']);
    const [firstLine] = readFileSync(join(installed, 'dist/src/cli/colloquy.js'), 'utf8').split('\n');
    expect(firstLine).toBe('#!/usr/bin/env node');
    expect(await readdir(join(project, 'node_modules'))).not.toContain('typescript');
  });
});

function isCurl(line: string): boolean {
  return line.startsWith('curl ');
}
