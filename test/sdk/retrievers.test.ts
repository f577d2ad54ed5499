import { describe, expect, it, vi } from 'vitest';
import type { DefinedServer } from '../../src/sdk/server.ts';
import { endingOf, playTurn, stagedIn, startWritten, storyOf } from '../support/written-agent.ts';

describe('a retriever', () => {
  it('brings what the answer is made of, and of which nothing is stored', async () => {
    const { asked, events } = await playTurn((server) => {
      const agent = server.createAgent({ name: 'Clinic' });
      agent.attachRetriever(async ({ events: said }) => ({ data: `${said.length} messages` }), 'count');
      agent.attachRetriever(() => ({ data: 'at once' }));
      agent.attachRetriever(async () => undefined);
      agent.attachRetriever(async () => null);
      agent.attachRetriever(async () => ({}));
    });
    expect(stagedIn(asked)).toEqual([
      { toolId: 'retriever:count', arguments: {}, data: '1 messages' },
      { toolId: 'retriever:retriever-2', arguments: {}, data: 'at once' },
    ]);
    expect(events.filter(({ kind }) => kind === 'tool')).toEqual([]);
  });

  it('begins with the turn, and may wait until it is known what applies', async () => {
    const seen: string[] = [];
    const { asked } = await playTurn((server) => {
      const agent = server.createAgent({ name: 'Clinic' });
      agent.createGuideline({ condition: 'greets', action: 'greet' });
      agent.attachRetriever(({ ordinary }) => {
        seen.push(`first ${ordinary.length}`);
        return ({ ordinary: known }) => {
          seen.push(`last ${known.length}`);
          return { data: known[0]?.guideline.condition ?? null };
        };
      });
    });
    expect(seen.slice(0, 2)).toEqual(['first 0', 'last 1']);
    expect(stagedIn(asked)).toMatchObject([{ data: 'greets' }]);
  });

  it('works for its own agent only', async () => {
    const { asked } = await playTurn((server) => {
      server.createAgent({ name: 'Clinic' });
      server.createAgent({ name: 'Bank' }).attachRetriever(() => ({ data: 'money' }));
    });
    expect(stagedIn(asked)).toEqual([]);
  });

  it('of a guideline is asked only where it applies', async () => {
    const write = (server: DefinedServer) => {
      const agent = server.createAgent({ name: 'Clinic' });
      const guideline = agent.createGuideline({ condition: 'greets', action: 'greet' });
      guideline.attachRetriever(() => ({ data: 'names' }));
    };
    expect(stagedIn((await playTurn(write)).asked)).toMatchObject([{ data: 'names' }]);
    expect(stagedIn((await playTurn(write, { holds: [] })).asked)).toEqual([]);
  });

  it('brings guidelines that count by their number, and what had followed from others follows still', async () => {
    const { events } = await playTurn(
      (server) => {
        const agent = server.createAgent({ name: 'Clinic' });
        const urgent = agent.createGuideline({ condition: 'hurts', action: 'hurry', priority: 5 });
        const consequence = agent.createGuideline({ condition: 'never', action: 'be brief' });
        urgent.entail(consequence);
        agent.createGuideline({ condition: 'greets', action: 'greet', priority: 1 });
        agent.attachRetriever(() => ({ guidelines: [{ action: 'Say where', priority: 5 }] }));
      },
      { holds: ['hurts', 'greets'] },
    );
    const { matched_guidelines: matched } = endingOf(events);
    expect(matched).toHaveLength(3);
    expect(matched).toContainEqual({ id: '<tool-guideline-1>' });
  });

  it('can bring guidelines, responses and fields, and nothing else', async () => {
    const { events, story } = await playTurn(
      (server) => {
        const agent = server.createAgent({ name: 'Clinic' });
        const guideline = agent.createGuideline({ condition: 'greets', action: 'greet', id: 'greet' });
        guideline.attachRetriever(() => ({ guidelines: [{ action: 'Be brief' }] }));
        agent.attachRetriever(() => ({
          cannedResponses: ['It is {{hour}}.'],
          cannedResponseFields: { hour: 9 },
        }));
      },
      { script: { selection: [{ templateId: '<transient-1>', quality: 'high' }] } },
    );
    expect(story).toContain('agent: It is 9.');
    expect(events.at(-1)?.data).toMatchObject({
      data: { matched_guidelines: [{ id: '<tool-guideline-1>' }, { id: 'greet' }] },
    });
  });

  it.each([
    ['fails', () => Promise.reject(new Error('no network')), 'Error: no network'],
    [
      'answers with a list',
      () => ['a passage'] as never,
      'ToolFailedError: The tool "retriever:handbook" failed: a retriever answers with an object of data, metadata, cannedResponses, cannedResponseFields, guidelines, or nothing.',
    ],
    [
      'answers with a misspelt part',
      () => ({ passages: [] }) as never,
      /a retriever answers with an object of data/,
    ],
    [
      'answers with what is no result',
      () => ({ data: 1, guidelines: [{}] }) as never,
      /guidelines\.0\.action/,
    ],
  ])('that %s fails the turn', async (_name, retrieve, exception) => {
    const { events } = await playTurn((server) => {
      server.createAgent({ name: 'Clinic' }).attachRetriever(retrieve, 'handbook');
    });
    expect(events.at(-1)?.data).toMatchObject({ data: { exception: expect.stringMatching(exception) } });
  });

  it('hears that its turn is over', async () => {
    const heard = Promise.withResolvers<void>();
    await using program = await startWritten((server) => {
      server.createAgent({ name: 'Clinic' }).attachRetriever(({ signal }) => {
        signal.addEventListener('abort', () => heard.resolve(), { once: true });
        return heard.promise.then(() => undefined);
      });
    });
    const id = await program.session();
    const { sessions } = program.colloquy;
    const participant = { id: 'ann', display_name: 'Ann' };
    await sessions.post(id, { kind: 'message', source: 'customer', data: { message: 'Hello', participant } });
    const told = async () => storyOf(await program.events(id));
    const begun = 'processing: Interpreting';
    await vi.waitFor(async () => expect(await told()).toContain(begun), { timeout: 10_000 });
    await sessions.cancel(id);
    await heard.promise;
    expect(storyOf(await program.events(id)).slice(-2)).toEqual(['cancelled', 'ready: completed']);
  });
});
