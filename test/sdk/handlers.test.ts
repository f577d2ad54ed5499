/** What guidelines, journeys and states do in code, in real turns. */
import { Writable } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import { defaultSettings } from '../../src/config.ts';
import { MATCH_ALWAYS } from '../../src/sdk/matcher.ts';
import type { DefinedServer } from '../../src/sdk/server.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import { playTurn, stagedIn, startWritten, storyOf } from '../support/written-agent.ts';

/** Remembers who was called, in order. */
function createCalls() {
  const calls: string[] = [];
  return { calls, by: (name: string) => async () => void calls.push(name) };
}

describe('a guideline', () => {
  it('has its handlers called when it applies: before the answer is made, and when it was sent', async () => {
    const { calls, by } = createCalls();
    await playTurn(
      (server) => {
        const agent = server.createAgent({ name: 'Clinic' });
        agent.createGuideline({
          condition: 'greets',
          action: 'greet',
          onSelected: [by('first'), by('second')],
          onMessage: by('sent'),
        });
        agent.createGuideline({ condition: 'leaves', action: 'say goodbye', onSelected: by('other') });
      },
      {
        holds: ['greets'],
        script: {
          canned_draft: () => {
            calls.push('answer');
            return { body: 'Hi.' };
          },
        },
      },
    );
    expect(calls.slice(0, 4)).toEqual(['first', 'second', 'answer', 'sent']);
    expect(calls).not.toContain('other');
  });

  it('is shown the turn in its handlers, and can say something', async () => {
    const { story } = await playTurn((server) => {
      const agent = server.createAgent({ name: 'Clinic' });
      agent.createGuideline({
        condition: 'greets',
        action: 'greet',
        async onSelected({ customerId, ordinary }, { emitMessage }) {
          await emitMessage(`${customerId}: ${ordinary[0]?.guideline.action}`);
        },
        async onMessage(_turn, { emitCustom }) {
          await emitCustom({ greeted: true });
        },
      });
    });
    expect(story.slice(0, 3)).toEqual(['customer: Hello', 'acknowledged', 'processing: Interpreting']);
    expect(story.filter((told) => told.startsWith('agent'))).toEqual([
      'agent: ann: greet',
      'agent: An answer.',
    ]);
  });

  it('tells front ends behind its answer', async () => {
    await using program = await startWritten((server) => {
      server.createAgent({ name: 'Clinic' }).createGuideline({
        condition: 'greets',
        onMessage: async (_turn, { emitCustom }) => emitCustom('greeted'),
      });
    });
    const id = await program.session();
    await program.turn(id, 'Hello');
    const told = async () => storyOf(await program.events(id)).slice(-2);
    const last = ['ready: completed', 'custom: greeted'];
    await vi.waitFor(async () => expect(await told()).toEqual(last), { timeout: 10_000 });
  });

  it('fails the turn with its handler', async () => {
    const { story } = await playTurn((server) => {
      const agent = server.createAgent({ name: 'Clinic' });
      agent.createGuideline({
        condition: 'greets',
        onSelected() {
          throw new Error('no');
        },
      });
    });
    expect(story.slice(-2)).toEqual(['ready: completed', 'error: AGENT_FAILED']);
  });

  it('gives values to templates where it applies', async () => {
    const write = (server: DefinedServer) => {
      const agent = server.createAgent({ name: 'Clinic' });
      agent.createGuideline({
        condition: 'greets',
        action: 'greet',
        responseFields: ({ customerId }) => ({ visits: 3, who: { id: customerId } }),
        cannedResponses: [agent.createCannedResponse({ template: 'Welcome, {{who.id}}: visit {{visits}}.' })],
      });
    };
    const selection = ({ templates }: { templates: readonly { id: string }[] }) => ({
      templateId: templates[0]?.id ?? null,
      quality: 'high',
    });
    expect((await playTurn(write, { script: { selection } })).story).toContain(
      'agent: Welcome, ann: visit 3.',
    );
    const elsewhere = await playTurn(write, { holds: [], script: { selection } });
    expect(elsewhere.story).toContain('agent: An answer.');
  });

  it('fails the turn with fields that are none', async () => {
    const { events } = await playTurn((server) => {
      const agent = server.createAgent({ name: 'Clinic' });
      agent.createGuideline({ condition: 'greets', responseFields: () => 'three' as never });
    });
    expect(events.at(-1)?.data).toMatchObject({
      data: {
        exception: `TypeError: The responseFields of the guideline "greets" must be an object, not 'three'.`,
      },
    });
  });
});

describe('a matcher', () => {
  it('says whether a guideline applies, and no model is asked', async () => {
    const { events, asked } = await playTurn((server) => {
      const agent = server.createAgent({ name: 'Clinic' });
      agent.createGuideline({
        condition: 'is Ann',
        matcher: ({ customerId }) => customerId === 'ann',
        id: 'ann',
      });
      agent.createGuideline({
        condition: 'is Bob',
        matcher: ({ customerId }) => customerId === 'bob',
        id: 'bob',
      });
      agent.createGuideline({ matcher: MATCH_ALWAYS, action: 'Be polite', id: 'always' });
      agent.createObservation({
        title: 'late',
        matcher: async () => ({ matched: true, rationale: 'It is late.' }),
        id: 'late',
      });
    });
    expect(events.at(-1)?.data).toMatchObject({
      data: { matched_guidelines: [{ id: 'ann' }, { id: 'always' }, { id: 'late' }] },
    });
    expect(asked.map(({ question }) => question)).not.toContain('actionable');
  });

  it('can begin a journey', async () => {
    const { events } = await playTurn((server) => {
      const agent = server.createAgent({ name: 'Clinic' });
      const always = agent.createObservation({ matcher: MATCH_ALWAYS, id: 'always' });
      const options = { title: 'Book', description: 'Books', conditions: [always], id: 'book' };
      agent.createJourney(options).initialState.transitionTo({ chatState: 'Ask for the day' });
    });
    expect(events.at(-1)?.data).toMatchObject({ data: { matched_journeys: [{ id: 'book' }] } });
  });

  it.each([
    ['fails', () => Promise.reject(new Error('no'))],
    ['says nothing', () => undefined as never],
  ])('that %s says no, and the log tells of it', async (_name, matcher) => {
    const lines: string[] = [];
    const sink = new Writable({ write: (line, _encoding, done) => (lines.push(String(line)), done()) });
    const { events, story } = await playTurn(
      (server) => server.createAgent({ name: 'Clinic' }).createGuideline({ condition: 'greets', matcher }),
      { logger: createLogger({ ...defaultSettings, logLevel: 'warn' }, sink) },
    );
    expect(story).toContain('agent: An answer.');
    expect(events.at(-1)?.data).toMatchObject({ data: { matched_guidelines: [] } });
    expect(lines.join('')).toContain('a matcher failed: its guideline does not apply');
  });
});

describe('a journey and its states', () => {
  it('have their handlers called while they are active, also as a part of another journey', async () => {
    const { calls, by } = createCalls();
    const { events } = await playTurn((server) => {
      const agent = server.createAgent({ name: 'Clinic' });
      const inner = agent.createJourney({ title: 'Inner', description: 'x', onSelected: by('inner') });
      const asking = inner.initialState.transitionTo({
        chatState: 'Ask for the day',
        onSelected: by('state'),
        onMessage: by('state, sent'),
      });
      const middle = agent.createJourney({ title: 'Middle', description: 'x', onSelected: by('middle') });
      middle.initialState.transitionTo({ journey: inner });
      const outer = agent.createJourney({
        title: 'Outer',
        description: 'x',
        conditions: ['books'],
        onSelected: by('outer'),
        onMessage: by('outer, sent'),
      });
      outer.initialState.transitionTo({ journey: middle });
      asking.target.attachRetriever(async () => ({ data: 'days' }), 'days');
    });
    const told = ['state', 'outer', 'middle', 'inner', 'state, sent', 'outer, sent'];
    expect(calls.slice(0, 6)).toEqual(told);
    expect(events.at(-1)?.data).toMatchObject({ data: { matched_journey_states: [expect.anything()] } });
  });

  it('have their handlers called also where no step of them is taken', async () => {
    const { calls, by } = createCalls();
    await playTurn((server) => {
      const agent = server.createAgent({ name: 'Clinic' });
      const onSelected = by('journey');
      agent.createJourney({ title: 'Empty', description: 'x', conditions: ['books'], onSelected });
    });
    expect(calls[0]).toBe('journey');
  });

  it('bring what they have retrieved, and fields', async () => {
    const { asked } = await playTurn(
      (server) => {
        const agent = server.createAgent({ name: 'Clinic' });
        const journey = agent.createJourney({ title: 'Book', description: 'x', conditions: ['books'] });
        journey.attachRetriever(async () => ({ data: ['of the journey'] }), 'journey');
        const { target } = journey.initialState.transitionTo({ chatState: 'Ask for the day' });
        target.attachRetriever(async () => ({ data: ['of the state'] }), 'state');
        const idle = agent.createJourney({ title: 'Idle', description: 'x', conditions: ['idles'] });
        idle.attachRetriever(async () => ({ data: ['of nobody'] }), 'idle');
      },
      { holds: ['books'] },
    );
    expect(stagedIn(asked)).toEqual([
      { toolId: 'retriever:state', arguments: {}, data: ['of the state'] },
      { toolId: 'retriever:journey', arguments: {}, data: ['of the journey'] },
    ]);
  });
});
