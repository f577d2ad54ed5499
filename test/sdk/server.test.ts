import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createEchoAgent } from '../../src/agents/echo-agent.ts';
import { createColloquy } from '../../src/colloquy.ts';
import { defaultSettings } from '../../src/config.ts';
import { createServer, type DefinedServer, type ServerOptions } from '../../src/sdk/server.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import { tool } from '../../src/tools/define-tool.ts';
import { root, run, start, temporaryFolder } from '../packaging/program.ts';
import { createDataFolder } from '../support/data-folder.ts';

const look = tool({ name: 'look', handler: () => 'found' });

/** Makes servers of one program on one folder, that listen where there is room. */
async function createProgram() {
  const folder = await createDataFolder();
  const settings = { port: 0, dataDir: folder.path, logLevel: 'silent' } as const;
  return {
    folder: folder.path,
    settings,
    server: (options: ServerOptions = {}) =>
      createServer({ ...options, settings: { ...settings, ...options.settings } }),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

function writeClinic(server: DefinedServer): void {
  const agent = server.createAgent({ id: 'clinic', name: 'Clinic' });
  agent.createGuideline({ condition: 'asks', action: 'answer', tools: [look] });
}

async function get(url: string, path: string) {
  const response = await fetch(url + path);
  return (await response.json()) as { readonly id: string; readonly [field: string]: unknown }[];
}

describe('a server that is written in code', () => {
  it('stores what is defined before it answers, and ends at the end of its block', async () => {
    await using program = await createProgram();
    await using server = program.server();
    writeClinic(server);
    const url = await server.start();
    expect((await get(url, '/agents')).map(({ id }) => id)).toEqual(['clinic']);
    const [guideline] = await get(url, '/guidelines');
    expect(guideline).toMatchObject({ condition: 'asks', action: 'answer', tags: ['agent:clinic'] });
    const read = await fetch(`${url}/guidelines/${guideline?.id}`);
    expect(await read.json()).toMatchObject({
      tool_associations: [{ tool_id: { service_name: 'local', tool_name: 'look' } }],
    });
  });

  it('answers for the first of its agents where nobody is named', async () => {
    await using program = await createProgram();
    await using server = program.server();
    writeClinic(server);
    const url = await server.start();
    const answer = await fetch(`${url}/api/chat`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ message: 'Hello' }),
    });
    expect(await answer.json()).toMatchObject({ status: 'ready' });
    expect(await get(url, '/sessions')).toMatchObject([{ agent_id: 'clinic' }]);
  });

  it('starts once, however often it is told to; then nothing can be defined any more', async () => {
    await using program = await createProgram();
    await using server = program.server();
    writeClinic(server);
    const [url, same] = await Promise.all([server.start(), server.start()]);
    expect(same).toBe(url);
    expect(await server.start()).toBe(url);
    expect(() => server.createTag('late')).toThrow(
      'The tag "late" cannot be defined so: the server has been started already.',
    );
  });

  it('can be stopped and started again', async () => {
    await using program = await createProgram();
    await using server = program.server();
    await server.stop();
    writeClinic(server);
    const url = await server.start();
    await server.stop();
    await expect(fetch(url)).rejects.toThrow('fetch failed');
    expect(await get(await server.start(), '/agents')).toMatchObject([{ id: 'clinic' }]);
  });

  it('that cannot listen gives its data folder back', async () => {
    await using program = await createProgram();
    await using other = program.server();
    writeClinic(other);
    const port = Number(new URL(await other.start()).port);
    await using folder = await createDataFolder();
    await using server = program.server({ settings: { port, dataDir: folder.path } });
    writeClinic(server);
    await expect(server.start()).rejects.toThrow(`Port ${port} of 127.0.0.1 is in use`);
    await other.stop();
    expect(await server.start()).toContain(String(port));
  });

  it('that is refused by what is stored does not start, and says why', async () => {
    await using program = await createProgram();
    await using day = program.server({ source: 'day' });
    writeClinic(day);
    await day.start();
    await day.stop();
    await using night = program.server({ source: 'night' });
    writeClinic(night);
    const message =
      'The agent "Clinic" cannot be defined so: its id "clinic" is taken, by the definition "day".';
    await expect(night.start()).rejects.toThrow(message);
    await expect(night.start()).rejects.toThrow(message);
  });

  it('has the agents it is given besides, which nobody else may be', async () => {
    await using program = await createProgram();
    await using server = program.server({ agents: [createEchoAgent()] });
    writeClinic(server);
    expect((await get(await server.start(), '/agents')).map(({ id }) => id)).toEqual(['echo', 'clinic']);
    await server.stop();
    await using twice = program.server({ agents: [createEchoAgent()] });
    twice.createAgent({ id: 'echo', name: 'Second echo' });
    await expect(twice.start()).rejects.toThrow('the configuration has an agent of the id "echo"');
  });

  it('without an agent has the examples, as a server without any definition', async () => {
    await using program = await createProgram();
    await using server = program.server();
    server.createTag('vip');
    const agents = await get(await server.start(), '/agents');
    expect(agents.map(({ id }) => id)).toContain('research_paper');
  });

  it('says in its log what it has changed', async () => {
    await using program = await createProgram();
    const lines: string[] = [];
    const sink = new Writable({
      write(line, _encoding, done) {
        lines.push(String(line));
        done();
      },
    });
    await using server = program.server({
      logger: createLogger({ ...defaultSettings, logLevel: 'info' }, sink),
    });
    writeClinic(server);
    await server.start();
    await server.stop();
    await server.start();
    const stored = lines.map((line) => JSON.parse(line) as object).filter((line) => 'source' in line);
    expect(stored).toMatchObject([{ msg: 'definition stored', source: 'program', inserted: 3, deleted: 0 }]);
  });
});

describe('in a configuration file', () => {
  const from = (name: string) => pathToFileURL(join(root, 'src', name)).href;
  const text = (condition: string) => `
    import { createServer, defineConfig } from '${from('index.ts')}';
    const server = createServer();
    const agent = server.createAgent({ id: 'clinic', name: 'Clinic' });
    agent.createGuideline({ condition: ${condition} });
    export default defineConfig({ definitions: [server.define()] });`;

  it('what is defined is served by the program', async () => {
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, 'colloquy.config.ts'), text(`'asks'`));
    await using started = await start({ cwd: folder.path });
    expect(await get(started.url, '/guidelines')).toMatchObject([{ condition: 'asks' }]);
    expect(started.stdout()).toContain('Agents: clinic (default)');
  });

  it('what is wrong is one line, with its place in the file', async () => {
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, 'colloquy.config.ts'), text('7'));
    const { code, stderr } = await run({ cwd: folder.path });
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^\S+colloquy\.config\.ts:5:\d+ could not be loaded: .*The guideline 7 cannot be defined so: its condition must be a text, not 7\.\n$/,
    );
  });
});

describe('inside another program', () => {
  it('definitions of several servers are served by one', async () => {
    await using program = await createProgram();
    const [day, night] = ['day', 'night'].map((source) => {
      const server = createServer({ source });
      server.createAgent({ id: source, name: `The ${source} desk` });
      return server;
    });
    const definitions = [day!.define(), night!.define()];
    await using colloquy = await createColloquy({ settings: program.settings, definitions });
    expect(colloquy.agents.list().map(({ id }) => id)).toEqual(['day', 'night']);
    expect(colloquy.settings.defaultAgent).toBe('day');
  });

  it('what is no definition is refused before anything is opened', async () => {
    await using program = await createProgram();
    const creating = createColloquy({ settings: program.settings, definitions: [createServer() as never] });
    await expect(creating).rejects.toMatchObject({ code: 'DEFINITION_INVALID' });
    await using colloquy = await createColloquy({ settings: program.settings });
    expect(colloquy.agents.get('research_paper')).toBeDefined();
  });

  it('a default agent may be one that is defined, and nobody else', async () => {
    await using program = await createProgram();
    const server = createServer();
    server.createAgent({ id: 'day', name: 'Day' });
    server.createAgent({ id: 'night', name: 'Night' });
    const definitions = [server.define()];
    const withDefault = (defaultAgent: string) =>
      createColloquy({ settings: { ...program.settings, defaultAgent }, definitions });
    await expect(withDefault('dusk')).rejects.toThrow('DEFAULT_AGENT must be one of day, night');
    await using colloquy = await withDefault('night');
    expect(colloquy.settings.defaultAgent).toBe('night');
  });
});
