import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { settingsList } from '../../src/config.ts';
import { version } from '../../src/version.ts';
import { chat, type Ended, root, run, start, temporaryFolder } from './program.ts';

const library = JSON.stringify(new URL('../../src/index.ts', import.meta.url).href);

describe('the program', () => {
  it('says where it listens, who answers, and what to try', async () => {
    await using folder = await temporaryFolder();
    await using program = await start({ cwd: folder.path });
    const [first, agents, hint] = program.stdout().split('\n');
    expect(first).toBe(`Colloquy ${version} listens on ${program.url}, data in ./data`);
    expect(agents).toBe('Agents: research_paper (default), echo, medical_welfare');
    expect(hint).toContain(`curl -s ${program.url}/api/chat`);
    const [, body = ''] = /-d '(.*)'/.exec(hint ?? '') ?? [];
    expect(await chat(program.url, JSON.parse(body))).toMatchObject({
      status: 'ready',
      text: expect.stringMatching(/kidney/i),
    });
    expect(existsSync(join(folder.path, 'data/colloquy.db'))).toBe(true);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'ends in order at %s, and starts again on the same port and folder',
    async (signal) => {
      await using folder = await temporaryFolder();
      const env = { PORT: String(await freePort()) };
      for (let times = 0; times < 2; times++) {
        await using program = await start({ cwd: folder.path, env });
        await chat(program.url, { message: 'hello', intent: 'echo' });
        await using follower = await follow(program.url);
        program.kill(signal);
        expect(await program.ended).toMatchObject({ code: 0, stderr: '' });
        await follower.over;
      }
    },
  );

  it('answers a turn that was under way before it ends', async () => {
    await using folder = await temporaryFolder();
    await writeConfig(folder.path, `answer: async function* () { await wait(300); yield 'late'; }`);
    await using program = await start({ cwd: folder.path });
    const answer = chat(program.url, { message: 'hello' });
    await expect.poll(() => isAnswering(program.url)).toBe(true);
    program.kill('SIGINT');
    expect(await answer).toMatchObject({ status: 'ready', text: 'late' });
    expect(await program.ended).toMatchObject({ code: 0 });
  });

  it('says how to see sessions when it is inspected', async () => {
    await using folder = await temporaryFolder();
    await using program = await start({ cwd: folder.path, env: { INSPECT: '1' } });
    expect(program.stdout()).toContain(`${program.url}/api/inspect shows live sessions`);
    expect((await fetch(`${program.url}/api/inspect`)).status).toBe(200);
  });

  it('takes the Ctrl-C that npm hands on as the one it has heard', async () => {
    await using folder = await temporaryFolder();
    await writeConfig(folder.path, `answer: async function* () { await wait(300); yield 'late'; }`);
    await using program = await start({ cwd: folder.path });
    const answer = chat(program.url, { message: 'hello' });
    await expect.poll(() => isAnswering(program.url)).toBe(true);
    program.kill('SIGINT');
    program.kill('SIGINT');
    expect(await answer).toMatchObject({ text: 'late' });
    expect(await program.ended).toMatchObject({ code: 0 });
  });

  it('ends at once when it is told twice', async () => {
    await using folder = await temporaryFolder();
    await writeConfig(folder.path, `answer: () => new Promise(() => setInterval(() => {}, 1000))`);
    await using program = await start({ cwd: folder.path, env: { SHUTDOWN_GRACE_MS: '60000' } });
    chat(program.url, { message: 'hello' }).catch(() => {});
    await expect.poll(() => isAnswering(program.url)).toBe(true);
    program.kill('SIGINT');
    const impatience = setInterval(() => program.kill('SIGINT'), 50);
    expect(await program.ended).toMatchObject({ code: 130 });
    clearInterval(impatience);
  });

  it('ends although an agent does not heed its signal, and says so to who waits for it', async () => {
    await using folder = await temporaryFolder();
    await writeConfig(folder.path, `answer: () => new Promise(() => setInterval(() => {}, 1000))`);
    await using program = await start({ cwd: folder.path, env: { SHUTDOWN_GRACE_MS: '10' } });
    const answer = fetch(`${program.url}/api/chat`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ message: 'hello' }),
    });
    await expect.poll(() => isAnswering(program.url)).toBe(true);
    program.kill('SIGTERM');
    expect((await answer).status).toBe(503);
    expect(await (await answer).json()).toMatchObject({ code: 'SHUTTING_DOWN' });
    expect(await program.ended).toMatchObject({ code: 0 });
    expect(program.stdout()).not.toContain('LOG_UNAVAILABLE');
  });

  it('starts at once after it was killed', async () => {
    await using folder = await temporaryFolder();
    {
      await using program = await start({ cwd: folder.path });
      program.kill('SIGKILL');
      await program.ended;
    }
    await using again = await start({ cwd: folder.path });
    expect(await chat(again.url, { message: 'hello', intent: 'echo' })).toMatchObject({
      text: 'echo: hello',
    });
  });
});

describe('what a user can put right is one line and exit code 1', () => {
  it('a port in use', async () => {
    await using folder = await temporaryFolder();
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const port = portOf(taken);
    expect(await run({ cwd: folder.path, env: { PORT: String(port) } })).toEqual({
      code: 1,
      stdout: '',
      stderr: `Port ${port} of 127.0.0.1 is in use; set PORT to another one.\n`,
    });
    taken.close();
  });

  it('a data folder that cannot be one', async () => {
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, 'file'), '');
    expect(complaintOf(await run({ cwd: folder.path, env: { DATA_DIR: './file/data' } }))).toMatch(
      /^The data folder \.\/file\/data cannot be used: /,
    );
  });

  it('a data folder where none can be made', async () => {
    await using folder = await temporaryFolder();
    for (const DATA_DIR of ['/proc/nowhere', '/proc/nowhere/at/all'])
      expect(complaintOf(await run({ cwd: folder.path, env: { DATA_DIR } }))).toMatch(
        `The data folder ${DATA_DIR} cannot be used: E`,
      );
    await (await start({ cwd: folder.path }))[Symbol.asyncDispose]();
    expect(complaintOf(await run({ cwd: folder.path, args: ['backup', '/proc/nowhere/copy'] }))).toMatch(
      /^The back-up to \/proc\/nowhere\/copy failed: E/,
    );
  });

  it('a data folder whose database cannot be opened', async () => {
    await using folder = await temporaryFolder();
    await mkdir(join(folder.path, 'data/colloquy.db'), { recursive: true });
    expect(complaintOf(await run({ cwd: folder.path }))).toMatch(
      /^The data folder \.\/data cannot be used: /,
    );
  });

  it('a data folder that another process owns', async () => {
    await using folder = await temporaryFolder();
    await using first = await start({ cwd: folder.path });
    expect(complaintOf(await run({ cwd: folder.path, env: { PORT: '0' } }))).toMatch(
      /^Another process owns the data folder/,
    );
    expect(await chat(first.url, { message: 'hello', intent: 'echo' })).toMatchObject({
      text: 'echo: hello',
    });
  });

  it.each([
    [{ PORT: 'eighty' }, /^PORT must be a whole number from 0 to 65535, not 'eighty'\.$/],
    [{ HOST: '0.0.0.0' }, /^HOST must be a loopback address unless AUTH=jwt/],
    [{ HOST: '127.0.0.1.5' }, /^HOST must be a loopback address/],
    [
      { DEFAULT_AGENT: 'nobody' },
      /^DEFAULT_AGENT must be one of echo, research_paper, medical_welfare, not 'nobody'\.$/,
    ],
  ])('a bad setting: %j', async (env, line) => {
    await using folder = await temporaryFolder();
    expect(complaintOf(await run({ cwd: folder.path, env }))).toMatch(line);
    expect(existsSync(join(folder.path, 'data'))).toBe(false);
  });

  it.each([
    ['export default { prot: 1 }', /^There is no setting "prot"\.$/],
    ['export default { agents: {} }', /^In colloquy\.config\.ts, agents must be a list\.$/],
    ['export default { agents: [] }', /^There is no agent: "agents" must name at least one\.$/],
    ['export default { agents: [{ id: "a b" }] }', /"a b".*an id is/],
    ['export default { agents: [null] }', /^The agent "null" cannot be used: it is no object\.$/],
    [
      'export default { agents: [{ id: "x", upstream: null }] }',
      /^The agent "x" cannot be used: its upstream has no url\.$/,
    ],
    ['export default { agents: [{ id: "x", upstream: 5 }] }', /its upstream has no url\.$/],
    ['export default []', /^colloquy\.config\.ts must export its settings/],
    ['export default new Map()', /^colloquy\.config\.ts must export its settings/],
    ['export default Promise.resolve({ prot: 1 })', /^There is no setting "prot"\.$/],
    [
      'export default Promise.reject(new Error("not today"))',
      /colloquy\.config\.ts:1:\d+ could not be loaded: Error: not today$/,
    ],
    ['export const port = 1', /^colloquy\.config\.ts must export its settings/],
    [
      'export default defineConfig({})',
      /colloquy\.config\.ts:1:\d+ could not be loaded: ReferenceError: defineConfig is not defined/,
    ],
    ['export default {', /colloquy\.config\.ts(:\d+)? could not be loaded: /],
    ['throw new Error("a\\nb")', /colloquy\.config\.ts:1:\d+ could not be loaded: Error: a$/],
    ['export default { definitions: {} }', /^In colloquy\.config\.ts, definitions must be a list\.$/],
    ['export default { definitions: [{}] }', /each must be what define\(\) of a server returns\.$/],
  ])('a bad configuration file: %s', async (text, line) => {
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, 'colloquy.config.ts'), text);
    expect(complaintOf(await run({ cwd: folder.path }))).toMatch(line);
  });

  it.each([
    [['sreve'], /^There is no command "sreve"; see colloquy --help\.$/],
    [['--prot', '1'], /^Unknown option '--prot'; see colloquy --help\.$/],
    [['serve', 'now'], /^"colloquy serve" takes no "now"; see colloquy --help\.$/],
    [['backup'], /^"colloquy backup" takes one folder to make\.$/],
    [['backup', 'copy'], /^There is no database in \.\/data\.$/],
    [['--config', 'nowhere.ts'], /^There is no configuration file .*nowhere\.ts\.$/],
  ])('a command line that makes no sense: %j', async (args, line) => {
    await using folder = await temporaryFolder();
    expect(complaintOf(await run({ cwd: folder.path, args }))).toMatch(line);
  });
});

describe('the command line', () => {
  it('shows every setting with its default and unit at --help', async () => {
    const { code, stdout, stderr } = await run({ cwd: root, args: ['--help'] });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = stdout.split('\n').map((line) => line.trim().split(/ {2,}/));
    for (const { variable, default: value, unit, text } of settingsList)
      expect(lines).toContainEqual([variable, value === '' ? '-' : value, unit, text]);
  });

  it('shows the version at --version', async () => {
    expect(await run({ cwd: root, args: ['--version'] })).toEqual({
      code: 0,
      stdout: `${version}\n`,
      stderr: '',
    });
  });

  it('reads the configuration file it is told to', async () => {
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, 'other.mjs'), `export default { dataDir: './elsewhere' };`);
    await using program = await start({ cwd: folder.path, args: ['serve', '--config', 'other.mjs'] });
    expect(program.stdout()).toContain('data in ./elsewhere');
  });
});

describe('colloquy backup', () => {
  it('copies what was acknowledged while the server goes on, and the copy starts a server of its own', async () => {
    await using folder = await temporaryFolder();
    await using program = await start({ cwd: folder.path });
    const { session_id } = await chat(program.url, { message: 'before', intent: 'echo' });
    await fetch(`${program.url}/customers`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'Ada' }),
    });
    const copied = await run({ cwd: folder.path, args: ['backup', 'copies/copy'] });
    expect(copied).toEqual({
      code: 0,
      stdout: 'The data of ./data was copied to copies/copy.\n',
      stderr: '',
    });
    await chat(program.url, { message: 'after', intent: 'echo', session_id });

    await using restored = await start({ cwd: folder.path, env: { DATA_DIR: './copies/copy' } });
    const customers = (await (await fetch(`${restored.url}/customers`)).json()) as { name: string }[];
    expect(customers.map(({ name }) => name)).toContain('Ada');
    expect(await messagesOf(restored.url, session_id)).toEqual(['before', 'echo: before']);
    expect(await messagesOf(program.url, session_id)).toEqual([
      'before',
      'echo: before',
      'after',
      'echo: after',
    ]);
    expect(await chat(restored.url, { message: 'again', session_id })).toMatchObject({ text: 'echo: again' });
  });

  it('works while no server runs', async () => {
    await using folder = await temporaryFolder();
    {
      await using program = await start({ cwd: folder.path });
      program.kill('SIGTERM');
      await program.ended;
    }
    expect(await run({ cwd: folder.path, args: ['backup', 'copy'] })).toMatchObject({
      code: 0,
      stderr: '',
    });
  });

  it('never replaces a file, and leaves nothing half done', async () => {
    await using folder = await temporaryFolder();
    await using program = await start({ cwd: folder.path });
    await chat(program.url, { message: 'hello', intent: 'echo' });
    await writeFile(join(folder.path, 'copy'), 'mine');
    expect(complaintOf(await run({ cwd: folder.path, args: ['backup', 'copy'] }))).toMatch(
      /^copy exists already/,
    );
    await rm(join(folder.path, 'copy'));
    await writeFile(join(folder.path, 'file'), '');
    expect(complaintOf(await run({ cwd: folder.path, args: ['backup', 'file/copy'] }))).toMatch(
      /^The back-up to file\/copy failed: /,
    );
    expect(existsSync(join(folder.path, 'copy.part'))).toBe(false);
  });
});

/** What was said, when it was one line on stderr and exit code 1. */
function complaintOf({ code, stdout, stderr }: Ended): string {
  expect({ code, stdout, lines: stderr.split('\n').length }).toEqual({ code: 1, stdout: '', lines: 2 });
  return stderr.trimEnd();
}

async function writeConfig(folder: string, answer: string): Promise<void> {
  await writeFile(
    join(folder, 'colloquy.config.ts'),
    `import { defineAgent, defineConfig } from ${library};
    const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
    export default defineConfig({ agents: [defineAgent({ id: 'mine', ${answer} })] });`,
  );
}

async function isAnswering(url: string): Promise<boolean> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return /colloquy_events_appended_total\{kind="status"\} [1-9]/.test(metrics);
}

async function messagesOf(url: string, sessionId: string): Promise<string[]> {
  const response = await fetch(`${url}/sessions/${sessionId}/events?kinds=message`);
  const events = (await response.json()) as { data: { message: string } }[];
  return events.map(({ data }) => data.message);
}

/** An open event stream: it must not hold the server up. */
async function follow(url: string): Promise<AsyncDisposable & { over: Promise<void> }> {
  const [session] = (await (await fetch(`${url}/sessions`)).json()) as { id: string }[];
  const stop = new AbortController();
  const response = await fetch(`${url}/sessions/${session?.id}/events`, {
    headers: { accept: 'text/event-stream' },
    signal: stop.signal,
  });
  return {
    over: response.text().then(() => {}),
    async [Symbol.asyncDispose]() {
      stop.abort();
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const port = portOf(server);
  server.close();
  return port;
}

function portOf(server: ReturnType<typeof createServer>): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('It has no port.');
  return address.port;
}
