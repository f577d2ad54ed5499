import { describe, expect, it } from 'vitest';
import type { TurnContext } from '../../src/engine/turn-context.ts';
import type { AgentHooks } from '../../src/sdk/hooks.ts';
import type { DefinedServer } from '../../src/sdk/server.ts';
import { tool } from '../../src/tools/define-tool.ts';
import { playTurn } from '../support/written-agent.ts';

describe('a planner', () => {
  const look = tool({ name: 'look', handler: () => 'found' });
  const drop = tool({ name: 'drop', handler: () => 'dropped' });

  it('watches over the turn, and changes what is matched and what is called', async () => {
    const seen: string[] = [];
    const { events, story } = await playTurn(
      (server) => {
        let iterations = 0;
        const agent = server.createAgent({
          name: 'Clinic',
          planner: {
            createPlan: ({ sessionId }: TurnContext) => {
              seen.push(sessionId === '' ? 'no session' : 'plan');
              iterations = 0;
              return {
                onGuidelinesMatched: (matches) => matches.filter(({ guideline }) => guideline.id !== 'b'),
                onGuidelinesResolved: () => void seen.push('resolved'),
                onToolsInferred: ({ calls }) => calls.filter(({ toolId }) => toolId === look.id),
                onToolsCalled: (results) => void seen.push(...results.map(({ toolId }) => toolId)),
                needsAdditionalIteration: () => (iterations += 1) === 1,
              };
            },
          },
        });
        agent.createGuideline({ condition: 'a', action: 'look', tools: [look, drop], id: 'a' });
        agent.createGuideline({ condition: 'b', action: 'nothing', id: 'b' });
      },
      { script: { tools_simple: [{ calls: [{ args: {} }] }] } },
    );
    expect(seen.slice(0, 5)).toEqual(['plan', 'resolved', 'local:look', 'resolved', 'resolved']);
    expect(story.filter((told) => told.startsWith('tool'))).toHaveLength(1);
    expect(events.at(-1)?.data).toMatchObject({ data: { matched_guidelines: [{ id: 'a' }] } });
  });
});

describe('an agent', () => {
  const greeting = (options: object) => (server: DefinedServer) =>
    void server.createAgent({ name: 'Clinic', ...options });
  /** Nobody waits for a policy in a test. */
  const none = {
    preambleDelayMs: () => 0,
    processingDelayMs: () => 0,
    extendedDelayMs: () => null,
    followUpDelayMs: () => 0,
    isPreambleRequired: () => false,
    splitsMessages: false,
  };

  it('keeps customers company in a manner that has a name', async () => {
    expect((await playTurn(greeting({ performancePolicy: 'voice' }))).story).toContain('agent: One moment.');
    expect((await playTurn(greeting({ performancePolicy: 'null' }))).story).not.toContain(
      'agent: One moment.',
    );
  });

  it('keeps customers company in its own manner', async () => {
    const script = { canned_draft: [{ body: 'One.\n\nTwo.' }] };
    const whole = await playTurn(greeting({ performancePolicy: none }), { script });
    expect(whole.story).toContain('agent: One.\n\nTwo.');
    class Chatty {
      readonly splitsMessages = true;
      preambleDelayMs = () => 0;
      processingDelayMs = () => 0;
      extendedDelayMs = () => null;
      followUpDelayMs = () => 0;
      isPreambleRequired(events: readonly unknown[]) {
        return events.length === 1;
      }
    }
    const { story } = await playTurn(greeting({ performancePolicy: new Chatty() }), {
      script: { canned_draft: [{ body: 'One.' }] },
    });
    expect(story.filter((told) => told.startsWith('agent'))).toEqual(['agent: One moment.', 'agent: One.']);
  });

  it('bridges the time in words like these', async () => {
    const preamble = { examples: ['Just a second!'], instructions: ['Never say hello.'] };
    const { asked } = await playTurn(greeting({ performancePolicy: 'voice', preamble }));
    const [first] = asked.flatMap((each) => (each.question === 'preamble' ? each : []));
    expect(first?.input).toMatchObject({ ...preamble, mustBeExample: false });
  });

  it('continues from what it said to bridge the time', async () => {
    const { asked } = await playTurn(greeting({ performancePolicy: 'voice' }));
    const [draft] = asked.flatMap((each) => (each.question === 'canned_draft' ? each : []));
    expect(draft?.input.preamble).toBe('One moment.');
  });

  it.each([
    ['a text', 'I cannot say that.'],
    ['a function', ({ customerId }: TurnContext) => `I cannot say that, ${customerId}.`],
  ])('has words of its own where nothing fits: %s', async (_name, noMatch) => {
    const { story } = await playTurn(greeting({ compositionMode: 'strict_canned', noMatch }));
    expect(story.find((told) => told.startsWith('agent'))).toMatch(/^agent: I cannot say that/);
  });

  it.each([
    ['in short pauses and some words where a model is asked', 'model', true],
    ['with nothing but the answer where none is', 'offline', false],
  ])('keeps customers company, unless told otherwise, %s', async (_manner, nlpName, splitsMessages) => {
    const seen: boolean[] = [];
    const look: AgentHooks['acknowledged'] = async ({ extensions }) => {
      seen.push(extensions.policy.splitsMessages);
      return 'bail';
    };
    await playTurn(greeting({ hooks: { acknowledged: look } }), { nlpName });
    expect(seen).toEqual([splitsMessages, splitsMessages]);
  });
});
