/** Turns of the engine through Parlant's official client, over a real socket: everything it has a type for is there. */
import type { Parlant } from 'parlant-client';
import { describe, expect, it } from 'vitest';
import { nullPolicy } from '../../src/engine/cycle/performance-policies.ts';
import { END_JOURNEY } from '../../src/sdk/transition-options.ts';
import type { DefinedServer } from '../../src/sdk/server.ts';
import { tool } from '../../src/tools/define-tool.ts';
import { toolResult } from '../../src/tools/tool-result.ts';
import { type EngineServerOptions, startEngine } from '../support/engine-server.ts';
import { createParlantClient } from '../support/parlant-client.ts';

/** Without these the client asks again behind every 504, and gives up when the server does. */
const once = { maxRetries: 0, timeoutInSeconds: 30 };

const look = tool({
  name: 'look',
  description: 'Looks at it',
  handler: () => toolResult({ data: { colour: 'blue' }, cannedResponseFields: { colour: 'blue' } }),
});

/** An agent that tells a colour, and leads through a journey of two steps. */
function writeAgent(server: DefinedServer): void {
  const agent = server.createAgent({
    id: 'ada',
    name: 'Ada',
    performancePolicy: { ...nullPolicy, isPreambleRequired: (events) => events.length === 1 },
  });
  agent.createGuideline({
    id: 'colour',
    condition: 'The customer asks for the colour',
    action: 'Tell it',
    tools: [look],
    labels: ['curious'],
    cannedResponses: [
      server.createCannedResponse({
        id: 'told',
        template: 'It is {{colour}}.',
        metadata: { image: 'blue.png' },
      }),
    ],
  });
  const journey = agent.createJourney({
    id: 'order',
    title: 'Order',
    description: 'Orders it',
    conditions: ['The customer orders it'],
    labels: ['buyer'],
  });
  const { target } = journey.initialState.transitionTo({ id: 'size', chatState: 'Ask for the size' });
  target.transitionTo({ state: END_JOURNEY });
}

const model: EngineServerOptions['model'] = {
  holds: ['The customer asks for the colour'],
  script: {
    tools_simple: [{ calls: [{ args: {} }] }, { calls: [] }],
    canned_draft: [{ body: 'Blue.' }],
    preamble: [{ text: 'Let me see.' }],
    selection: [{ templateId: 'told', quality: 'high' }],
  },
};

async function start(options: EngineServerOptions = {}) {
  const engine = await startEngine(writeAgent, options);
  const { sessions } = createParlantClient(engine);
  const { id } = await sessions.create({ agentId: 'ada', customerId: 'guest' });
  /** Posts it, and waits as an application does: from the message on, until the turn is over. */
  async function turn(message: string): Promise<readonly Parlant.Event[]> {
    const posted = await sessions.createEvent(id, { kind: 'message', source: 'customer', message }, once);
    const events = [posted];
    while (!events.some(isOver)) {
      const minOffset = (events.at(-1)?.offset ?? 0) + 1;
      const { traceId } = posted;
      const query = { minOffset, traceId, waitForData: 20 };
      events.push(...(await sessions.listEvents(id, query, once)));
    }
    return events;
  }
  return {
    engine,
    sessions,
    id,
    turn,
    [Symbol.asyncDispose]: () => engine[Symbol.asyncDispose](),
  };
}

function isOver({ kind, data }: Parlant.Event): boolean {
  const { status, data: inner } = data as {
    readonly status?: string;
    readonly data?: { readonly stage?: string };
  };
  return kind === 'status' && status === 'ready' && inner?.stage === 'completed';
}

function ofKind(events: readonly Parlant.Event[], kind: Parlant.Event['kind']) {
  return events.filter((event) => event.kind === kind);
}

describe('a turn of the engine, with the official client', () => {
  it('has every event in one trace, in order, by the agent', async () => {
    await using at = await start({ model });
    const events = await at.turn('What is the colour?');
    const [message, ...answer] = events;
    expect(message).toMatchObject({ offset: 0, source: 'customer', data: { flagged: false, tags: [] } });
    expect(new Set(answer.map(({ source }) => source))).toEqual(new Set(['ai_agent']));
    expect(new Set(events.map(({ traceId }) => traceId)).size).toBe(1);
    expect(events.map(({ correlationId }) => correlationId)).toEqual(events.map(({ traceId }) => traceId));
    expect(events.map(({ offset }) => offset)).toEqual(events.map((_, at) => at));
    expect(events.every(({ deleted }) => !deleted)).toBe(true);
    expect(await at.sessions.listEvents(at.id, { waitForData: 0 }, once)).toEqual(events);
  });

  it('marks words that only bridge the time', async () => {
    await using at = await start({ model });
    const [, preamble] = ofKind(await at.turn('What is the colour?'), 'message');
    expect(preamble?.data).toEqual({
      message: 'Let me see.',
      participant: { id: 'ada', display_name: 'Ada' },
      tags: ['__preamble__'],
    });
  });

  it('tells of each call of a tool, with everything that came of it', async () => {
    await using at = await start({ model });
    const tools = ofKind(await at.turn('What is the colour?'), 'tool');
    expect(tools.map(({ data }) => data)).toEqual([
      {
        tool_calls: [
          {
            tool_id: 'local:look',
            arguments: {},
            result: {
              data: { colour: 'blue' },
              metadata: {},
              control: {},
              canned_responses: [],
              canned_response_fields: { colour: 'blue' },
            },
          },
        ],
      },
    ]);
  });

  it('answers with a canned response, its metadata, and the draft that it was chosen for', async () => {
    await using at = await start({ model });
    const answer = ofKind(await at.turn('What is the colour?'), 'message').at(-1);
    expect(answer).toMatchObject({ metadata: { image: 'blue.png' } });
    expect(answer?.data).toEqual({
      message: 'It is blue.',
      participant: { id: 'ada', display_name: 'Ada' },
      draft: 'Blue.',
      canned_responses: [['told', 'It is blue.']],
    });
  });

  it('ends with what was matched, and labels the session', async () => {
    await using at = await start({ model });
    const events = await at.turn('What is the colour?');
    expect(events.at(-1)?.data).toEqual({
      status: 'ready',
      data: {
        stage: 'completed',
        matched_guidelines: [{ id: 'colour' }],
        matched_journeys: [],
        matched_journey_states: [],
      },
    });
    expect(await at.sessions.retrieve(at.id)).toMatchObject({ labels: ['curious'] });
  });

  it('ends with the journeys that are under way, and where they stand', async () => {
    await using at = await start();
    const events = await at.turn('I want to order it.');
    expect(events.at(-1)?.data).toMatchObject({
      status: 'ready',
      data: { matched_journeys: [{ id: 'order' }], matched_journey_states: [{ id: 'size' }] },
    });
    expect(ofKind(events, 'message').at(-1)?.data).toMatchObject({ message: expect.stringMatching(/size/i) });
    expect(await at.sessions.retrieve(at.id)).toMatchObject({ labels: ['buyer'] });
  });

  it('takes agents as the client writes them', async () => {
    await using engine = await startEngine(writeAgent);
    const { agents, guidelines, sessions } = createParlantClient(engine);
    const agent = await agents.create({ name: 'Bea', compositionMode: 'fluid' });
    await guidelines.create({
      condition: 'The customer asks for the price',
      action: 'Say that it is free',
      tags: [`agent:${agent.id}`],
    });
    const { id } = await sessions.create({ agentId: agent.id });
    const events = await engine.turn(id, 'What is the price?');
    expect(events.at(-2)?.data).toMatchObject({ message: expect.stringMatching(/free/i) });
  });
});
