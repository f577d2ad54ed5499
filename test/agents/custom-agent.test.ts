import { describe, expect, it } from 'vitest';
import { defineAgent, type AgentDefinition } from '../../src/agents/custom-agent.ts';
import { InvalidAgentError } from '../../src/errors.ts';
import { ask } from './agent-turn.ts';

describe('a custom agent', () => {
  it('streams what its generator yields, piece by piece', async () => {
    const agent = defineAgent({
      id: 'parrot',
      async *answer({ message }) {
        yield 'You said: ';
        yield message;
      },
    });
    expect((await ask(agent, 'hello')).chunks).toEqual(['You said: ', 'hello']);
  });

  it.each<[string, AgentDefinition['answer']]>([
    ['text', () => 'done'],
    ['a promise of text', async () => 'done'],
    ['a list', () => ['do', 'ne']],
    [
      'a plain generator',
      function* () {
        yield 'do';
        yield 'ne';
      },
    ],
  ])('may return %s', async (_, answer) => {
    expect((await ask(defineAgent({ id: 'a', answer }), 'x')).text).toBe('done');
  });

  it('is given who asks and in which session', async () => {
    const agent = defineAgent({
      id: 'a',
      answer: ({ sessionId, customerId }) => `${customerId}@${sessionId}`,
    });
    expect((await ask(agent, 'x')).text).toBe('ada@session-1');
  });

  it('reads the conversation in plain words, the message to answer last', async () => {
    const agent = defineAgent({
      id: 'a',
      answer: async ({ history }) => JSON.stringify(await history.messages(2)),
    });
    const said = await ask(agent, 'And then?', { before: ['Hi', 'agent: Hello'] });
    expect(JSON.parse(said.text)).toEqual([
      { from: 'agent', text: 'Hello' },
      { from: 'customer', text: 'And then?' },
    ]);
  });

  it('is named after its id and may be interrupted, unless it says otherwise', () => {
    const answer = () => '';
    expect(defineAgent({ id: 'a', answer })).toMatchObject({
      name: 'a',
      description: null,
      interruption: 'interrupt',
    });
    expect(
      defineAgent({ id: 'a', name: 'A', description: 'Says nothing.', interruption: 'enqueue', answer }),
    ).toMatchObject({ name: 'A', description: 'Says nothing.', interruption: 'enqueue' });
  });

  it('fails its turn with what its function throws', async () => {
    const agent = defineAgent({
      id: 'a',
      async *answer() {
        yield 'so far';
        throw new Error('the model is away');
      },
    });
    await expect(ask(agent, 'x')).rejects.toThrow('the model is away');
  });

  it('stops between two pieces when the turn is over, and lets its function clean up', async () => {
    const turn = new AbortController();
    let cleaned = false;
    const agent = defineAgent({
      id: 'a',
      async *answer() {
        try {
          for (let n = 0; ; n += 1) yield String(n);
        } finally {
          cleaned = true;
        }
      },
    });
    const chunks: string[] = [];
    const asked = ask(agent, 'x', {
      signal: turn.signal,
      onChunk: (chunk) => {
        chunks.push(chunk);
        if (chunk === '2') turn.abort(new Error('interrupted'));
      },
    });
    await expect(asked).rejects.toThrow('interrupted');
    expect(chunks).toEqual(['0', '1', '2']);
    expect(cleaned).toBe(true);
  });

  it('says nothing when the turn ended while its function was thinking', async () => {
    const turn = new AbortController();
    const agent = defineAgent({
      id: 'a',
      answer: async () => {
        turn.abort(new Error('stopped'));
        return 'too late';
      },
    });
    const chunks: string[] = [];
    const asked = ask(agent, 'x', { signal: turn.signal, onChunk: (chunk) => chunks.push(chunk) });
    await expect(asked).rejects.toThrow('stopped');
    expect(chunks).toEqual([]);
  });

  it.each([
    ['undefined', undefined, 'is undefined, not text'],
    ['null', null, 'is null, not text'],
    ['a number', 42, 'is a value of type number, not text'],
    ['an object', { text: 'x' }, 'is a value of type object, not text'],
    ['a list with a number in it', ['a', 1], 'yielded a value of type number, not text'],
  ])('fails its turn clearly when its function returns %s', async (_, value, reason) => {
    const answer = (() => value) as unknown as AgentDefinition['answer']; // as plain JavaScript might
    await expect(ask(defineAgent({ id: 'a', answer }), 'x')).rejects.toThrow(reason);
  });

  it.each<[string, object]>([
    ['no answer function', { id: 'a' }],
    ['a bad id', { id: 'a b', answer: () => '' }],
    ['a bad name', { id: 'a', name: '', answer: () => '' }],
    ['no id', { answer: () => '' }],
  ])('cannot be defined with %s', (_, definition) => {
    expect(() => defineAgent(definition as AgentDefinition)).toThrow(InvalidAgentError); // wrong on purpose
  });
});
