/** Agents that name a language provider of their own: asked over HTTP, answered by another model than the server's other agents. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createColloquy, type ColloquyOptions } from '../../src/colloquy.ts';
import type { SessionEvent } from '../../src/event-log/event.ts';
import { createServer, type DefinedServer } from '../../src/sdk/server.ts';
import { startAnthropicFake } from '../support/anthropic-fake.ts';
import { createDataFolder } from '../support/data-folder.ts';
import type { ModelFake, ModelReply } from '../support/model-fake.ts';
import { startChatFake, startOpenAiFake } from '../support/openai-fake.ts';
import { storyOf } from '../support/written-agent.ts';

afterEach(() => vi.unstubAllEnvs());

const says = (content: string): ModelReply => ({
  kind: 'text',
  text: JSON.stringify({
    producedReply: true,
    rationale: 'r',
    insights: [],
    evaluations: [],
    revisions: [
      {
        content,
        isRepeat: false,
        followedAll: true,
        brokenByPriority: false,
        brokenByMissingData: false,
      },
    ],
  }),
});

/** As a model of its own sees the variables of its vendor. */
function reachLiteLlm({ url }: Pick<ModelFake, 'url'>): void {
  vi.stubEnv('LITELLM_PROVIDER_BASE_URL', url);
}

type Program = AsyncDisposable & {
  readonly url: string;
  readonly lines: readonly string[];
  ask(path: string, body: object, method?: string): Promise<{ status: number; body: unknown }>;
  /** What comes of a message to that agent: what is said, and failures. */
  chat(agentId: string, message?: string): Promise<readonly string[]>;
  /** The whole conversation with it. */
  story(agentId: string, message?: string): Promise<readonly string[]>;
};

async function start(
  folder: { readonly path: string },
  settings: ColloquyOptions['settings'],
  write: (server: DefinedServer) => void = () => {},
): Promise<Program> {
  const server = createServer();
  server.createAgent({
    id: 'ordinary',
    name: 'Ordinary',
    compositionMode: 'fluid',
    performancePolicy: 'null',
  });
  write(server);
  const lines: string[] = [];
  const note = (facts: object, message: string) => void lines.push(`${message} ${JSON.stringify(facts)}`);
  const silent = () => {};
  const colloquy = await createColloquy({
    definitions: [server.define()],
    settings: { port: 0, dataDir: folder.path, indexing: false, shutdownGraceMs: 0, ...settings },
    logger: {
      error: note,
      warn: note,
      fatal: note,
      info: silent,
      debug: silent,
      trace: silent,
      isLevelEnabled: () => false,
    } as never, // as much of a logger as is used
  });
  const url = await colloquy.listen();

  async function ask(path: string, body: object, method = 'POST') {
    const content = { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    const response = await fetch(url + path, { method, ...content });
    return { status: response.status, body: await response.json() };
  }

  return {
    url,
    lines,
    ask,
    async chat(agentId, message) {
      return (await story(agentId, message)).filter((told) => /^(agent|error)/.test(told));
    },
    story,
    [Symbol.asyncDispose]: () => colloquy.close(),
  };

  async function story(agentId: string, message = 'Hello') {
    const { body } = await ask('/api/chat', { message, intent: agentId });
    const { session_id: id } = body as { readonly session_id: string }; // of a 200
    const events = (await (await fetch(`${url}/sessions/${id}/events`)).json()) as readonly SessionEvent[];
    return storyOf(events);
  }
}

const ownAgent = (server: DefinedServer) =>
  void server.createAgent({
    id: 'own',
    name: 'Own',
    compositionMode: 'fluid',
    performancePolicy: 'null',
    nlp: 'litellm/small',
  });

describe('an agent that names a language provider', () => {
  it('is answered for by it, and the others by the server’s', async () => {
    await using anthropic = await startAnthropicFake();
    await using litellm = await startChatFake();
    anthropic.reply(says('Claude here.'));
    litellm.reply(says('Small here.'));
    reachLiteLlm(litellm);
    await using folder = await createDataFolder();
    const settings = { nlp: 'anthropic', nlpApiKey: 'the-servers-own', nlpBaseUrl: anthropic.url };
    await using program = await start(folder, settings, ownAgent);
    expect(await program.chat('ordinary')).toEqual(['agent: Claude here.']);
    expect([anthropic.requests.length, litellm.requests.length]).toEqual([1, 0]);
    expect(await program.chat('own')).toEqual(['agent: Small here.']);
    expect([anthropic.requests.length, litellm.requests.length]).toEqual([1, 1]);
    expect(litellm.requests[0]).toMatchObject({ path: '/chat/completions', body: { model: 'small' } });
    expect(litellm.requests[0]?.headers.authorization).toBeUndefined();
    const metrics = await (await fetch(`${program.url}/metrics`)).text();
    expect(metrics).toMatch(/nlp_requests_total\{question="fluid_message",model="claude-sonnet-5",.*\} 1/);
    expect(metrics).toMatch(/nlp_requests_total\{question="fluid_message",model="small",.*\} 1/);
  });

  it('may name several, of which the second answers where the first cannot', async () => {
    await using litellm = await startChatFake();
    litellm.reply({ kind: 'error', status: 401 });
    reachLiteLlm(litellm);
    await using folder = await createDataFolder();
    await using program = await start(folder, {}, (server) => {
      const nlp = 'litellm/small, offline';
      server.createAgent({
        id: 'own',
        name: 'Own',
        compositionMode: 'fluid',
        performancePolicy: 'null',
        nlp,
      });
    });
    expect(await program.chat('own')).toEqual([expect.stringMatching(/^agent: /)]);
    expect(litellm.requests).toHaveLength(1);
  });

  it('is heard by it while it writes', async () => {
    await using litellm = await startChatFake();
    litellm.reply({ kind: 'text', text: 'One two three four five.' });
    reachLiteLlm(litellm);
    await using folder = await createDataFolder();
    await using program = await start(folder, {}, (server) => {
      const nlp = 'litellm/small';
      server.createAgent({ id: 'own', name: 'Own', outputMode: 'stream', performancePolicy: 'null', nlp });
    });
    expect(await program.chat('own')).toEqual(['agent: One two three four five.']);
    expect(litellm.requests).toMatchObject([{ body: { model: 'small', stream: true } }]);
  });

  it('keeps customers company as that provider needs it', async () => {
    await using anthropic = await startAnthropicFake();
    await using folder = await createDataFolder();
    const settings = { nlp: 'anthropic', nlpApiKey: 'the-servers-own', nlpBaseUrl: anthropic.url };
    await using program = await start(folder, settings, (server) => {
      server.createAgent({ id: 'own', name: 'Own', compositionMode: 'fluid', nlp: 'offline' });
    });
    // Without the pauses, and the `ready`, that come before where a model is waited for.
    expect((await program.story('own')).slice(1, 4)).toEqual([
      'acknowledged',
      'processing: Interpreting',
      'typing',
    ]);
    expect(anthropic.requests).toEqual([]);
  });

  it('over REST has it from the next message on, until it is taken back', async () => {
    await using litellm = await startChatFake();
    litellm.reply(says('Small here.'));
    reachLiteLlm(litellm);
    await using folder = await createDataFolder();
    await using program = await start(folder, {});
    const agent = { id: 'rest', name: 'Rest', nlp: ' litellm/small ' };
    expect(await program.ask('/agents', agent)).toMatchObject({
      status: 201,
      body: { nlp: 'litellm/small' },
    });
    expect(await program.chat('rest')).toEqual(['agent: Small here.']);
    const asCustomer = await fetch(`${program.url}/agents/rest`, { headers: { 'x-user-id': 'ann' } });
    expect(await asCustomer.json()).not.toHaveProperty('nlp');
    const unchanged = await program.ask('/agents/rest', { name: 'Rest', nlp: null }, 'PATCH');
    expect(unchanged.body).toHaveProperty('nlp');
    const { body } = await program.ask('/agents/rest', { nlp: '' }, 'PATCH');
    expect(body).not.toHaveProperty('nlp');
    await program.chat('rest', 'Hello again');
    expect(litellm.requests).toHaveLength(1);
  });

  it.each([
    ['openai', 'OPENAI_API_KEY must be set: the language provider openai needs it.'],
    ['offline, anthropic/x', 'ANTHROPIC_API_KEY must be set: the language provider anthropic needs it.'],
    ['magic', /^There is no language provider 'magic'; there are offline, /],
  ])('over REST is refused %s where it cannot be used, with what is missing', async (nlp, reason) => {
    await using folder = await createDataFolder();
    await using program = await start(folder, {});
    const before = await (await fetch(`${program.url}/agents`)).json();
    for (const [path, method] of [
      ['/agents', 'POST'],
      ['/agents/ordinary', 'PATCH'],
    ] as const) {
      expect(await program.ask(path, { name: 'Rest', nlp }, method)).toMatchObject({
        status: 422,
        body: {
          code: 'INVALID_REQUEST',
          detail: [{ loc: ['body', 'nlp'], msg: expect.stringMatching(reason), input: nlp }],
        },
      });
    }
    expect(await (await fetch(`${program.url}/agents`)).json()).toEqual(before);
  });

  it('in a program ends the start, with what is missing, where it cannot be used', async () => {
    await using folder = await createDataFolder();
    const write = (server: DefinedServer) =>
      void server.createAgent({ id: 'own', name: 'Own', nlp: 'openai' });
    await expect(start(folder, {}, write)).rejects.toThrow(
      /^The agent "own" cannot be answered for: OPENAI_API_KEY must be set: the language provider openai needs it\.$/,
    );
  });

  it('whose key is gone at the next start fails in its turns only, and the log says why', async () => {
    await using folder = await createDataFolder();
    vi.stubEnv('OPENAI_API_KEY', 'k');
    {
      await using program = await start(folder, {});
      expect((await program.ask('/agents', { id: 'rest', name: 'Rest', nlp: 'openai' })).status).toBe(201);
    }
    vi.unstubAllEnvs();
    await using program = await start(folder, {});
    expect(program.lines).toEqual([expect.stringMatching(/"agentId":"rest".*OPENAI_API_KEY must be set/)]);
    expect(await program.chat('rest')).toEqual(['error: NLP_FAILED']);
    expect(await program.chat('ordinary')).toEqual([expect.stringMatching(/^agent: /)]);
  });

  it('is moderated by it', async () => {
    await using openai = await startOpenAiFake();
    await using litellm = await startChatFake();
    openai.reply(says('Fine.'));
    litellm.reply(says('Fine.'));
    reachLiteLlm(litellm);
    await using folder = await createDataFolder();
    const settings = { nlp: 'openai', nlpApiKey: 'k', nlpBaseUrl: openai.url, moderation: 'auto' } as const;
    await using program = await start(folder, settings, ownAgent);
    await program.chat('own', 'This is harassment');
    expect(openai.requests).toEqual([]);
    expect(program.lines).toEqual([expect.stringMatching(/"litellm\/small" does not moderate/)]);
    await program.chat('ordinary', 'This is harassment');
    expect(openai.requests.map(({ path }) => path)).toEqual(['/moderations', '/responses']);
    expect(JSON.stringify(openai.requests[1])).not.toContain('This is harassment');
  });
});
