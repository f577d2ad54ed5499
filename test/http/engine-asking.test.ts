/** When the agent speaks without a customer's message, and when it says nothing to one. */
import { describe, expect, it, vi } from 'vitest';
import { nullPolicy } from '../../src/engine/cycle/performance-policies.ts';
import type { SessionEvent } from '../../src/event-log/event.ts';
import type { AgentOptions } from '../../src/sdk/agent.ts';
import { MATCH_ALWAYS } from '../../src/sdk/matcher.ts';
import type { DefinedServer } from '../../src/sdk/server.ts';
import { tool } from '../../src/tools/define-tool.ts';
import { toolResult } from '../../src/tools/tool-result.ts';
import { post } from '../support/conversation.ts';
import { type EngineServer, startEngine, toldIn } from '../support/engine-server.ts';

const callStaff = tool({
  name: 'call_staff',
  description: 'Calls a person',
  handler: () => 'A colleague was called.',
});

/** An agent that opens conversations where `greets`, knows when it is open, and can hand over. */
function writeAgent({ greets = true, ...options }: Partial<AgentOptions> & { greets?: boolean } = {}) {
  return (server: DefinedServer): void => {
    const agent = server.createAgent({ id: 'ada', name: 'Ada', ...options });
    const welcome = server.createCannedResponse({ template: 'Welcome!' });
    if (greets) {
      agent.createGuideline({
        matcher: MATCH_ALWAYS,
        action: 'Welcome the customer',
        cannedResponses: [welcome],
      });
    }
    agent.createCannedResponse({ template: 'We open at nine.', signals: ['When do you open?'] });
    agent.createGuideline({
      condition: 'The customer wants a person',
      action: 'Call one',
      tools: [callStaff],
    });
  };
}

const greeting = [
  'acknowledged',
  'processing: Interpreting',
  'processing: Articulating',
  'typing',
  'agent: Welcome!',
  'ready',
  'ready: completed',
];

const open = 'When do you open?';
const opening = greeting.with(4, 'agent: We open at nine.');

/** The refusal, if it is one. */
async function tryToPost(engine: EngineServer, id: string, body: object) {
  const response = await fetch(`${engine.url}/sessions/${id}/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const { code } = (await response.json()) as { readonly code?: string };
  return { status: response.status, code };
}

async function postEvent(engine: EngineServer, id: string, body: object): Promise<SessionEvent> {
  return (await post(`${engine.url}/sessions/${id}/events`, body)) as SessionEvent; // of a 201
}

async function createSession(engine: EngineServer, query = ''): Promise<string> {
  const session = await post(`${engine.url}/sessions${query}`, { agent_id: 'ada' });
  return (session as { readonly id: string }).id; // of a 201
}

/** The session as a story, when it tells of a turn that is over. */
async function storyWhenOver(engine: EngineServer, id: string): Promise<readonly string[]> {
  return vi.waitFor(
    async () => {
      const told = toldIn(await engine.events(id));
      expect(told.at(-1)).toBe('ready: completed');
      return told;
    },
    { timeout: 10_000 },
  );
}

async function setMode(engine: EngineServer, id: string, mode: string): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ mode });
  const response = await fetch(`${engine.url}/sessions/${id}`, { method: 'PATCH', headers, body });
  expect(response.status).toBe(200);
}

const speak = { kind: 'message', source: 'ai_agent' };

describe('a session that allows a greeting', () => {
  it('begins with what a guideline says', async () => {
    await using engine = await startEngine(writeAgent());
    const id = await createSession(engine, '?allow_greeting=true');
    expect(await storyWhenOver(engine, id)).toEqual(greeting);
  });

  it('begins in silence where no guideline has something to say', async () => {
    await using engine = await startEngine(writeAgent({ greets: false }));
    const id = await createSession(engine, '?allow_greeting=true');
    expect(await storyWhenOver(engine, id)).toEqual([
      'acknowledged',
      'processing: Interpreting',
      'ready: completed',
    ]);
  });

  it('is greeted without words to bridge the time: nobody waits', async () => {
    const policy = { ...nullPolicy, isPreambleRequired: () => true };
    await using engine = await startEngine(writeAgent({ performancePolicy: policy }));
    const id = await createSession(engine, '?allow_greeting=true');
    expect(await storyWhenOver(engine, id)).toEqual(greeting.toSpliced(1, 0, 'ready'));
  });

  it('is greeted once, also where the server is started anew', async () => {
    await using engine = await startEngine(writeAgent());
    const id = await createSession(engine, '?allow_greeting=true');
    await storyWhenOver(engine, id);
    await engine.restart();
    expect(toldIn(await engine.turn(id, open)).slice(1)).toHaveLength(greeting.length);
    expect(toldIn(await engine.events(id)).slice(0, greeting.length)).toEqual(greeting);
  });
});

it('a session that allows none is empty', async () => {
  await using engine = await startEngine(writeAgent());
  expect(await engine.events(await createSession(engine))).toEqual([]);
  expect(await engine.events(await createSession(engine, '?allow_greeting=false'))).toEqual([]);
});

describe('an agent that is asked to speak', () => {
  it('answers the last message again, and the request is answered with its first status', async () => {
    await using engine = await startEngine(writeAgent({ greets: false }));
    const id = await engine.session('ada');
    const first = await engine.turn(id, open);
    const begun = await postEvent(engine, id, speak);
    expect(begun).toMatchObject({ kind: 'status', data: { status: 'acknowledged', data: {} } });
    expect(begun.trace_id).not.toBe(first[0]?.trace_id);
    expect(toldIn(await engine.over(id, begun.trace_id))).toEqual(opening);
  });

  it('opens the conversation where nobody has said anything', async () => {
    await using engine = await startEngine(writeAgent());
    const id = await engine.session('ada');
    const { trace_id: traceId } = await postEvent(engine, id, speak);
    expect(toldIn(await engine.over(id, traceId))).toEqual(greeting);
  });

  it('gives up the turn under way, as for a message', async () => {
    const held = Promise.withResolvers<void>();
    const onAsk = () => held.promise;
    await using engine = await startEngine(writeAgent({ greets: false, performancePolicy: 'null' }), {
      model: { onAsk },
    });
    const id = await engine.session('ada');
    const { trace_id: traceId } = await engine.say(id, open);
    const begun = await postEvent(engine, id, speak);
    expect(toldIn(await engine.over(id, traceId)).slice(-2)).toEqual(['cancelled', 'ready: completed']);
    held.resolve();
    expect(toldIn(await engine.over(id, begun.trace_id)).at(-1)).toBe('ready: completed');
  });

  it('is not told what to say', async () => {
    await using engine = await startEngine(writeAgent());
    const id = await engine.session('ada');
    const refused = await tryToPost(engine, id, { ...speak, message: 'Buy now.' });
    expect(refused).toEqual({ status: 422, code: 'INVALID_EVENT' });
    expect(await engine.events(id)).toEqual([]);
  });
});

describe('an agent that is asked to say something', () => {
  const ask = { ...speak, guidelines: [{ action: 'Say: we are back', rationale: 'follow_up' }] };
  const said = (text: string) => ({ model: { script: { canned_draft: [{ body: text }] } } });

  it.each<[NonNullable<AgentOptions['compositionMode']>, readonly string[]]>([
    ['fluid', ['typing', 'agent: We are back.', 'ready: completed']],
    [
      'canned_fluid',
      ['processing: Articulating', 'typing', 'agent: We are back.', 'ready', 'ready: completed'],
    ],
  ])('%s: says it at once, and nothing is matched or remembered', async (compositionMode, story) => {
    const options = { greets: false, compositionMode, performancePolicy: 'null' } as const;
    const content = 'We are back.';
    await using engine = await startEngine(writeAgent(options), {
      model: {
        script: {
          canned_draft: [{ body: content }],
          fluid_message: [{ revisions: [{ content, followedAll: true }] }],
        },
      },
    });
    const id = await engine.session('ada');
    const message = await postEvent(engine, id, ask);
    expect(message).toMatchObject({ kind: 'message', source: 'ai_agent', data: { message: content } });
    const events = await engine.over(id, message.trace_id);
    expect(toldIn(events)).toEqual(story);
    expect(events.at(-1)).toMatchObject({ metadata: {} });
    expect(new Set(engine.asked.map(({ question }) => question))).not.toContain('actionable');
  });

  it.each([
    ['unspecified', 'An operator asked for it.'],
    ['buy_time', 'An operator asked for it, to bridge the time until there is more to say.'],
    ['follow_up', 'An operator asked for it, to follow up on what was said.'],
  ])('knows why it is asked: %s', async (rationale, why) => {
    await using engine = await startEngine(writeAgent({ performancePolicy: 'null' }), said('We are back.'));
    const id = await engine.session('ada');
    await postEvent(engine, id, { ...speak, guidelines: [{ action: 'Say: we are back', rationale }] });
    const [draft] = engine.asked.flatMap((each) => (each.question === 'canned_draft' ? each.input : []));
    expect(draft?.guidelines).toMatchObject([{ action: 'Say: we are back', rationale: why }]);
  });

  it('says it in manual mode, too', async () => {
    await using engine = await startEngine(writeAgent({ performancePolicy: 'null' }), said('We are back.'));
    const id = await engine.session('ada');
    await setMode(engine, id, 'manual');
    expect(await postEvent(engine, id, ask)).toMatchObject({ data: { message: 'We are back.' } });
  });

  it('says it beside a turn: neither waits for the other', async () => {
    const held = Promise.withResolvers<void>();
    await using engine = await startEngine(writeAgent({ greets: false, performancePolicy: 'null' }), {
      model: {
        onAsk: (question) => (question === 'actionable' ? held.promise : undefined),
        script: { canned_draft: [{ body: 'We are back.' }], tools_simple: [{ calls: [] }] },
      },
    });
    const id = await engine.session('ada');
    const { trace_id: traceId } = await engine.say(id, open);
    const message = await postEvent(engine, id, ask);
    expect(toldIn(await engine.over(id, message.trace_id)).at(-1)).toBe('ready: completed');
    held.resolve();
    const told = toldIn(await engine.over(id, traceId));
    expect(told).not.toContain('cancelled');
    expect(told.slice(-3)).toEqual(['agent: We are back.', 'ready', 'ready: completed']);
  });

  it('is not heard of where it has nothing to say: the request is refused', async () => {
    await using engine = await startEngine(writeAgent({ performancePolicy: 'null' }), {
      model: { script: { canned_draft: [{ body: null }] } },
    });
    const id = await engine.session('ada');
    expect(await tryToPost(engine, id, ask)).toMatchObject({ code: 'NOTHING_SAID' });
    expect(toldIn(await engine.events(id)).at(-1)).toBe('ready: completed');
  });
});

describe('a session in manual mode', () => {
  const customer = { kind: 'message', source: 'customer', message: open };
  const person = {
    kind: 'message',
    source: 'human_agent',
    message: 'At nine.',
    participant: { display_name: 'Zoe' },
  };

  it('stores messages, and the agent says nothing, not even that it heard', async () => {
    await using engine = await startEngine(writeAgent());
    const id = await engine.session('ada');
    await setMode(engine, id, 'manual');
    await postEvent(engine, id, customer);
    await postEvent(engine, id, person);
    await postEvent(engine, id, { ...person, source: 'human_agent_on_behalf_of_ai_agent' });
    expect(await tryToPost(engine, id, speak)).toEqual({ status: 422, code: 'MANUAL_MODE' });
    expect(toldIn(await engine.events(id))).toEqual([
      `customer: ${open}`,
      'human_agent: At nine.',
      'human_agent_on_behalf_of_ai_agent: At nine.',
    ]);
  });

  it('is answered again when the mode is back, from the next message on or when it is asked for', async () => {
    await using engine = await startEngine(writeAgent({ greets: false }));
    const id = await engine.session('ada');
    await setMode(engine, id, 'manual');
    await postEvent(engine, id, customer);
    await setMode(engine, id, 'auto');
    expect(toldIn(await engine.events(id))).toEqual([`customer: ${open}`]);
    const { trace_id: traceId } = await postEvent(engine, id, speak);
    expect(toldIn(await engine.over(id, traceId))).toEqual(opening);
    expect(toldIn(await engine.turn(id, open)).slice(1)).toEqual(opening);
  });

  it('stays so in a turn that a tool hands over to a person: this one is answered, the next is not', async () => {
    const handOver = tool({
      name: 'hand_over',
      description: 'Hands over',
      handler: () => toolResult({ data: 'A colleague comes.', control: { mode: 'manual' } }),
    });
    await using engine = await startEngine((server) => {
      const agent = server.createAgent({ id: 'ada', name: 'Ada' });
      agent.createGuideline({
        condition: 'The customer wants a person',
        action: 'Say that a colleague comes',
        tools: [handOver],
      });
    });
    const id = await engine.session('ada');
    const told = toldIn(await engine.turn(id, 'I want a person.'));
    expect(told).toContain('tool local:hand_over');
    expect(told.slice(-3)).toEqual([expect.stringMatching(/^agent: /), 'ready', 'ready: completed']);
    const live = await (await fetch(`${engine.url}/api/live`)).json();
    expect(live).toMatchObject({ sessions: [{ session_id: id, mode: 'manual' }] });
    await postEvent(engine, id, customer);
    const all = await engine.events(id);
    expect(toldIn(all).at(-1)).toBe(`customer: ${open}`);
    // Nothing follows: what is posted next is behind it.
    await postEvent(engine, id, person);
    expect(toldIn((await engine.events(id)).slice(all.length))).toEqual(['human_agent: At nine.']);
  });
});
