/** The examples from one start of a server to the next: who defines them, and what becomes of their sessions. */
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { createEchoAgent } from '../../src/agents/echo-agent.ts';
import { createKnowledgeAgent } from '../../src/agents/knowledge-agent.ts';
import type { Colloquy, ColloquyOptions } from '../../src/colloquy.ts';
import { StartingWriter } from '../../src/documents/starting-writer.ts';
import { messageTextOf } from '../../src/event-log/event.ts';
import { createExampleDefinition } from '../../src/examples/example-definition.ts';
import { createServer } from '../../src/sdk/server.ts';
import { createDataFolder } from '../support/data-folder.ts';
import { startExamples } from '../support/examples.ts';

const all = ['research_paper', 'echo', 'medical_welfare'];
const idsOf = ({ agents }: Colloquy) => agents.list().map(({ id }) => id);

/** Starts with each of these options, one after the other, over the same data. */
async function startEach(
  ...starts: readonly (readonly [ColloquyOptions, (server: Colloquy) => Promise<void>])[]
) {
  await using data = await createDataFolder();
  for (const [options, use] of starts) {
    await using server = await startExamples({
      ...options,
      settings: { ...options.settings, dataDir: data.path },
    });
    await use(server.colloquy);
  }
}

const say = async ({ agentService }: Colloquy, sessionId: string, text: string) => {
  const { messages } = await agentService.process({ userId: 'ann', sessionId, text });
  return messages.map(messageTextOf).join('\n\n');
};

const request = async (server: Colloquy, method: string, path: string, body?: object) =>
  fetch(`${await server.listen()}${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });

describe('the examples are there', () => {
  it('beside agents that are given, where their definition is asked for', async () => {
    const definitions = [createExampleDefinition({ without: ['research_paper'] })];
    await using server = await startExamples({ agents: [createEchoAgent({ id: 'parrot' })], definitions });
    expect(idsOf(server.colloquy)).toEqual(['parrot', 'medical_welfare']);
  });

  it('but for one that lives on another server', async () => {
    const upstreams = [{ id: 'research_paper', upstream: { url: 'http://127.0.0.1:9', agentId: 'there' } }];
    await using server = await startExamples({ upstreams });
    expect(idsOf(server.colloquy)).toEqual(all);
    expect(server.colloquy.agents.get('research_paper')).toHaveProperty('upstream');
  });

  it('as long as nobody brings agents: then all that was stored of them goes', async () => {
    const own = createServer();
    own.createAgent({ id: 'clinic', name: 'Clinic' });
    const countOf = async (server: Colloquy, path: string) =>
      ((await (await request(server, 'GET', path)).json()) as readonly unknown[]).length;
    const expectNothing = async (server: Colloquy) => {
      for (const path of ['/guidelines', '/journeys', '/terms', '/capabilities', '/canned_responses'])
        expect([path, await countOf(server, path)]).toEqual([path, 0]);
    };
    await startEach(
      [
        {},
        async (server) => {
          expect(idsOf(server)).toEqual(all);
          expect(await countOf(server, '/journeys')).toBe(3);
        },
      ],
      [
        { agents: [createEchoAgent()] },
        async (server) => {
          expect(idsOf(server)).toEqual(['echo']);
          await expectNothing(server);
        },
      ],
      [{}, async (server) => expect(idsOf(server)).toEqual(all)],
      [
        { definitions: [own.define()] },
        async (server) => {
          expect(idsOf(server)).toEqual(['clinic']);
          await expectNothing(server);
        },
      ],
    );
  });

  it('unless one of their ids is an agent of an operator already: that start fails, and says so', async () => {
    await using data = await createDataFolder();
    const settings = { dataDir: data.path };
    {
      await using server = await startExamples({ agents: [createEchoAgent()], settings });
      const agent = { id: 'medical_welfare', name: 'Ours' };
      expect((await request(server.colloquy, 'POST', '/agents', agent)).status).toBe(201);
    }
    await expect(startExamples({ settings })).rejects.toThrow(
      'its id "medical_welfare" is taken, by what no program defines',
    );
    const definitions = [createExampleDefinition({ without: ['medical_welfare'] })];
    await using server = await startExamples({ definitions, settings });
    expect(idsOf(server.colloquy)).toEqual(['research_paper', 'medical_welfare']);
  });

  it('and are stored and looked into once: the second start writes nothing', async () => {
    const commit = vi.spyOn(StartingWriter.prototype, 'commit');
    const counts: number[] = [];
    const count = async () => {
      counts.push(commit.mock.calls.length);
      commit.mockClear();
    };
    await startEach([{}, count], [{}, count]);
    commit.mockRestore();
    expect(counts).toEqual([expect.toSatisfy((writes: number) => writes > 0), 0]);
  });
});

describe('sessions of an example', () => {
  it('go on that were begun when it was a configured agent', async () => {
    const folder = join(import.meta.dirname, '../../src/examples/research_paper');
    const before = await createKnowledgeAgent({ id: 'research_paper', folder });
    let sessionId = '';
    await startEach(
      [
        { agents: [before] },
        async (server) => {
          sessionId = (await server.agentService.createTalkSession('ann', { agentId: 'research_paper' })).id;
          expect(await say(server, sessionId, 'Tell me about CKD stage 3')).toContain('an eGFR between 30');
        },
      ],
      [
        {},
        async (server) => {
          expect(await say(server, sessionId, 'What are the symptoms?')).toContain('CKD stage 3, “Symptoms”');
        },
      ],
    );
  });

  it('are kept while it is not there, in the middle of its journey, and go on when it is back', async () => {
    let sessionId = '';
    await startEach(
      [
        {},
        async (server) => {
          sessionId = (await server.agentService.createTalkSession('ann', { agentId: 'medical_welfare' })).id;
          await say(server, sessionId, 'What am I entitled to?');
          expect(await say(server, sessionId, 'food')).toMatch(/letter of your doctor/);
        },
      ],
      [
        { agents: [createEchoAgent()] },
        async (server) => {
          await expect(say(server, sessionId, 'yes')).rejects.toMatchObject({ code: 'AGENT_NOT_FOUND' });
          expect((await request(server, 'GET', `/sessions/${sessionId}/events`)).status).toBe(200);
        },
      ],
      [
        {},
        async (server) => {
          expect(await say(server, sessionId, 'yes')).toMatch(/^There is the nutrition programme/);
        },
      ],
    );
  });
});

describe('what operators change of an example', () => {
  it('counts until the next start, when it is as it was defined; what they add stays', async () => {
    const path = '/agents/medical_welfare';
    const isThere = async (server: Colloquy, name: string) =>
      ((await (await request(server, 'GET', '/terms')).json()) as readonly { name: string }[]).some(
        (term) => term.name === name,
      );
    await startEach(
      [
        {},
        async (server) => {
          expect((await request(server, 'PATCH', path, { name: 'Our guide' })).status).toBe(200);
          expect((await request(server, 'DELETE', '/agents/research_paper')).status).toBe(204);
          const term = {
            name: 'unit',
            description: 'The money of the country',
            tags: ['agent:medical_welfare'],
          };
          expect((await request(server, 'POST', '/terms', term)).status).toBe(201);
          expect(server.agents.get('medical_welfare')?.name).toBe('Our guide');
          expect(idsOf(server)).toEqual(['echo', 'medical_welfare']);
          const chat = await request(server, 'POST', '/api/chat', { message: 'Hello' });
          expect(chat.status).toBe(404);
        },
      ],
      [
        {},
        async (server) => {
          expect(server.agents.get('medical_welfare')?.name).toBe('Medical welfare guide');
          expect(idsOf(server)).toEqual(all);
          expect(await isThere(server, 'unit')).toBe(true);
        },
      ],
    );
  });
});
