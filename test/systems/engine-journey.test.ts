/** A journey is as long as a conversation: it survives the server, and goes back with what is taken back. */
import { describe, expect, it } from 'vitest';
import { isFinalReady, type JsonObject, type SessionEvent } from '../../src/event-log/event.ts';
import type { DefinedServer } from '../../src/sdk/server.ts';
import { END_JOURNEY } from '../../src/sdk/transition-options.ts';
import { type EngineServer, startEngine, toldIn } from '../support/engine-server.ts';

/** Books a table in three questions, and remembers to have been polite. */
function writeAgent(server: DefinedServer): void {
  const agent = server.createAgent({ id: 'ada', name: 'Ada', compositionMode: 'strict_canned' });
  const say = (template: string) => [server.createCannedResponse({ template })];
  const journey = agent.createJourney({
    id: 'table',
    title: 'Book a table',
    description: 'Books a table',
    conditions: ['The customer wants to book a table'],
  });
  const day = journey.initialState.transitionTo({
    id: 'day',
    chatState: 'Ask for the day',
    cannedResponses: say('For which day?'),
  });
  const people = day.target.transitionTo({
    id: 'people',
    chatState: 'Ask for the number of people',
    cannedResponses: say('For how many people?'),
  });
  const name = people.target.transitionTo({
    id: 'name',
    chatState: 'Ask for the name',
    cannedResponses: say('What is your name?'),
  });
  const done = name.target.transitionTo({
    id: 'done',
    chatState: 'Say that the table is booked',
    cannedResponses: say('Your table is booked.'),
  });
  done.target.transitionTo({ state: END_JOURNEY });
}

const said = ['I want to book a table.', 'On Monday.', 'Four people.', 'Ann Miller.'] as const;
const answered = [
  'For which day?',
  'For how many people?',
  'What is your name?',
  'Your table is booked.',
] as const;

async function answerTo(engine: EngineServer, id: string, text: string): Promise<string | undefined> {
  return toldIn(await engine.turn(id, text))
    .find((told) => told.startsWith('agent: '))
    ?.slice('agent: '.length);
}

/** Where the journey stands by what the last turn that was finished has left. */
function pathIn(events: readonly SessionEvent[]): unknown {
  const last = events.findLast((event) => isFinalReady(event) && 'agent_state' in event.metadata);
  const state = last?.metadata['agent_state'] as JsonObject | undefined; // as the engine writes it
  return (state?.['journey_paths'] as JsonObject | undefined)?.['table'];
}

async function removeFrom(engine: EngineServer, id: string, offset: number): Promise<number> {
  const response = await fetch(`${engine.url}/sessions/${id}/events?min_offset=${offset}`, {
    method: 'DELETE',
  });
  return response.status;
}

/** The offset of the customer's message. */
function offsetOf(events: readonly SessionEvent[], text: string): number {
  return events.find((event) => toldIn([event])[0] === `customer: ${text}`)?.offset ?? Number.NaN;
}

describe('a journey', () => {
  it('goes on at its step when the server was started anew between any two turns', async () => {
    await using engine = await startEngine(writeAgent);
    const id = await engine.session('ada');
    const answers: unknown[] = [];
    for (const text of said) {
      answers.push(await answerTo(engine, id, text));
      const before = pathIn(await engine.events(id));
      await engine.restart();
      expect(pathIn(await engine.events(id))).toEqual(before);
    }
    expect(answers).toEqual(answered);
  });

  it('goes on at its step in the session where it was begun, and in no other', async () => {
    await using engine = await startEngine(writeAgent);
    const [one, other] = [await engine.session('ada'), await engine.session('ada')];
    expect(await answerTo(engine, one, said[0])).toBe(answered[0]);
    expect(await answerTo(engine, other, said[0])).toBe(answered[0]);
    expect(await answerTo(engine, one, said[1])).toBe(answered[1]);
    expect(await answerTo(engine, other, said[1])).toBe(answered[1]);
    expect(await answerTo(engine, one, said[2])).toBe(answered[2]);
  });

  it.each([1, 2, 3])('goes back with what is taken back from message %i on', async (from) => {
    await using engine = await startEngine(writeAgent);
    const id = await engine.session('ada');
    for (const text of said.slice(0, from)) await answerTo(engine, id, text);
    const before = pathIn(await engine.events(id));
    for (const text of said.slice(from)) await answerTo(engine, id, text);
    const events = await engine.events(id);
    expect(await removeFrom(engine, id, offsetOf(events, said[from] ?? ''))).toBe(204);
    expect(pathIn(await engine.events(id))).toEqual(before);
    // Also where nothing of it is in memory.
    await engine.restart();
    expect(await answerTo(engine, id, said[from] ?? '')).toBe(answered[from]);
  });

  it('begins anew where everything is taken back', async () => {
    await using engine = await startEngine(writeAgent);
    const id = await engine.session('ada');
    for (const text of said) await answerTo(engine, id, text);
    expect(await removeFrom(engine, id, 0)).toBe(204);
    expect(await engine.events(id)).toEqual([]);
    expect(await answerTo(engine, id, said[0])).toBe(answered[0]);
  });

  it('is not cut in the middle of a turn', async () => {
    await using engine = await startEngine(writeAgent);
    const id = await engine.session('ada');
    for (const text of said.slice(0, 2)) await answerTo(engine, id, text);
    const events = await engine.events(id);
    expect(await removeFrom(engine, id, offsetOf(events, said[1]) + 1)).toBe(422);
    expect(await engine.events(id)).toEqual(events);
  });
});
