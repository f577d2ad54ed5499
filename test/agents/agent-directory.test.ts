import { describe, expect, it } from 'vitest';
import { createAgentDirectory } from '../../src/agents/agent-directory.ts';
import type { Agent } from '../../src/agents/agent-runner.ts';
import { createEchoAgent } from '../../src/agents/echo-agent.ts';
import { DuplicateAgentError, InvalidAgentError } from '../../src/errors.ts';

/** An agent as plain JavaScript might hand it over: wrong on purpose in some tests. */
function agentWith(fields: Record<string, unknown>): Agent {
  return { ...createEchoAgent(), ...fields };
}

describe('the agent directory', () => {
  it('finds agents by id and lists them in the order given', () => {
    const [b, a] = [createEchoAgent({ id: 'b' }), createEchoAgent({ id: 'a' })];
    const directory = createAgentDirectory([b, a]);
    expect(directory.get('a')).toBe(a);
    expect(directory.list()).toEqual([b, a]);
  });

  it.each(['c', '', '__proto__', 'constructor'])('knows no agent %j that it was not given', (id) => {
    expect(createAgentDirectory([createEchoAgent()]).get(id)).toBeUndefined();
  });

  it('refuses two agents with one id', () => {
    const create = () => createAgentDirectory([createEchoAgent(), createEchoAgent()]);
    expect(create).toThrow(DuplicateAgentError);
    expect(create).toThrow('Two agents have the id "echo"; every agent needs its own.');
  });

  it('may be empty', () => {
    expect(createAgentDirectory([]).list()).toEqual([]);
  });

  it.each(['', ' ', 'a b', 'a/b', 'é', 'x'.repeat(65), 7, null, undefined])('refuses the id %j', (id) => {
    expect(() => createAgentDirectory([agentWith({ id })])).toThrow(InvalidAgentError);
  });

  it.each(['a', 'A-b_9', 'x'.repeat(64)])('takes the id %j', (id) => {
    expect(createAgentDirectory([agentWith({ id })]).get(id)).toBeDefined();
  });

  it.each([
    ['an empty name', { name: '' }, 'a name is text of 1 to 100 characters'],
    ['a name of blanks', { name: '   ' }, 'a name is text of 1 to 100 characters'],
    ['a name of 101 characters', { name: 'x'.repeat(101) }, 'a name is text of 1 to 100 characters'],
    ['a description that is no text', { description: 1 }, 'a description is text or null'],
    ['an unknown interruption', { interruption: 'wait' }, 'one of interrupt, enqueue, reject'],
    ['no runner', { runner: undefined }, 'it has no runner'],
    ['a runner that cannot run', { runner: {} }, 'it has no runner'],
  ])('refuses %s and says so', (_, fields, reason) => {
    expect(() => createAgentDirectory([agentWith(fields)])).toThrow(reason);
  });
});
