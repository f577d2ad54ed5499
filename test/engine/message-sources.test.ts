import { describe, expect, it } from 'vitest';
import { createComposer } from '../../src/engine/composing/composer.ts';
import { withSources } from '../../src/engine/composing/drawn-on.ts';
import { nullPolicy } from '../../src/engine/cycle/performance-policies.ts';
import type { Retrieved } from '../../src/engine/extensions.ts';
import type { Json, JsonObject, SessionEvent } from '../../src/event-log/event.ts';
import { toolResult, fromHandler } from '../../src/tools/tool-result.ts';
import type { AgentOptions } from '../../src/sdk/agent.ts';
import {
  composerTurn,
  createRecordingVoice,
  createScriptedNlp,
  customerSays,
  type NlpGiven,
  type Script,
} from '../support/composer.ts';
import { playTurn } from '../support/written-agent.ts';

const pool = {
  source: 'Pool',
  text: 'The pool is heated to 28 degrees. Children swim free of charge on Sundays.',
};
const sauna = {
  source: 'Sauna',
  text: 'The sauna opens at noon and closes at midnight. Towels lie beside the door.',
};
const [ofPool, ofSauna] = [{ title: 'Pool' }, { title: 'Sauna' }];
const both = { data: [pool, sauna], metadata: { sources: [ofPool, ofSauna] } };

/** Of an answer to "Tell me about the pool", which found this. */
function sourcesOf(
  text: string,
  found: NonNullable<Retrieved> = both,
  metadata?: JsonObject,
): Json | undefined {
  const turn = composerTurn({ events: [customerSays('Tell me about the pool')], staged: stagedOf(found) });
  return withSources(turn, text, metadata)['sources'];
}

function stagedOf(found: NonNullable<Retrieved>) {
  const toolId = 'retriever:house';
  return [{ toolId, arguments: {}, result: fromHandler(toolId, toolResult({ data: null, ...found })) }];
}

describe('an answer has as sources', () => {
  it.each([
    ['what it quotes', 'The pool is heated to 28 degrees.', [ofPool]],
    ['what it tells in its own words', 'It’s free of charge for swimming children on a Sunday!', [ofPool]],
    ['all that it is put together from', `${pool.text}\n\n${sauna.text}`, [ofPool, ofSauna]],
    ['all, in the order they were found in', `${sauna.text} ${pool.text}`, [ofPool, ofSauna]],
  ])('%s', (_, text, sources) => {
    expect(sourcesOf(text)).toEqual(sources);
  });

  it.each([
    ['that says it does not know', 'I’m sorry, I cannot tell you anything about the pool.'],
    ['about something else', 'Breakfast is served from seven to ten in the dining room.'],
    ['that only greets', 'Hello! How can I help you today?'],
    ['of no words', '…'],
    ['that is empty', ''],
  ])('nothing, %s', (_, text) => {
    expect(sourcesOf(text)).toBeUndefined();
  });

  it('all sources of what was found in one piece', () => {
    const found = { data: `${pool.text} ${sauna.text}`, metadata: { sources: [ofPool, ofSauna, 'a map'] } };
    expect(sourcesOf('Towels lie beside the door.', found)).toEqual([ofPool, ofSauna, 'a map']);
  });

  it('those of things that are no passages', () => {
    const found = {
      data: [{ name: 'Sauna', opens: 'noon', closes: 'midnight', towels: ['white', 'blue'] }],
      metadata: { sources: ['timetable'] },
    };
    expect(sourcesOf('The sauna opens at noon, and closes at midnight.', found)).toEqual(['timetable']);
  });

  it('its own, where a canned response brings them', () => {
    expect(sourcesOf(pool.text, both, { sources: ['us'] })).toEqual(['us']);
  });

  it.each([[undefined], [[]], ['Pool'], [{ title: 'Pool' }]])(
    'nothing where what was found names %j',
    (sources) => {
      const metadata = sources === undefined ? {} : { sources };
      expect(sourcesOf(pool.text, { data: [pool], metadata })).toBeUndefined();
    },
  );
});

/** What the agent has told, and its sources. */
async function told(agent: Partial<AgentOptions>, script: Script, given: NlpGiven = {}) {
  const { events } = await playTurn(
    (server) => server.createAgent({ name: 'Hotel', ...agent }).attachRetriever(() => both),
    { script, ...given },
  );
  return events.filter(({ kind, source }) => kind === 'message' && source === 'ai_agent').map(toTold);
}

function toTold({ data, metadata }: SessionEvent) {
  return [(data as { readonly message: string }).message, metadata['sources']]; // of a message
}

it('each part of an answer has its own, where paragraphs are messages', async () => {
  const body = `${pool.text}\n\n${sauna.text}\n\nDo you need a towel?`;
  const composer = createComposer({ nlp: createScriptedNlp({ canned_draft: [{ body }] }) });
  const voice = createRecordingVoice();
  const policy = { ...nullPolicy, splitsMessages: true };
  await composer.compose(composerTurn({ staged: stagedOf(both), extensions: { policy } }), voice);
  const messages = voice.all.filter(({ kind }) => kind === 'message');
  expect(messages.map(({ metadata }) => metadata)).toEqual([
    { sources: [ofPool] },
    { sources: [ofSauna] },
    {},
  ]);
});

describe('the message event names the sources', () => {
  const { text } = pool;

  it('of a fluid agent', async () => {
    const script = {
      fluid_message: [
        { producedReply: true, revisions: [{ content: text, isRepeat: false, followedAll: true }] },
      ],
    };
    expect(await told({ compositionMode: 'fluid' }, script)).toEqual([[text, [ofPool]]]);
  });

  it('of an agent whose draft is sent', async () => {
    expect(await told({}, { canned_draft: [{ body: text }] })).toEqual([[text, [ofPool]]]);
  });

  it('of a message that grows', async () => {
    const streamText = async function* () {
      yield* text.split(/(?<= )/);
    };
    expect(await told({ outputMode: 'stream' }, {}, { streamText })).toEqual([[text, [ofPool]]]);
  });

  it('and none where it draws on nothing', async () => {
    expect(await told({}, { canned_draft: [{ body: 'Hello! How can I help you?' }] })).toEqual([
      ['Hello! How can I help you?', undefined],
    ]);
  });
});
