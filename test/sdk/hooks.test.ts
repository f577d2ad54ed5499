import { describe, expect, it } from 'vitest';
import type { Hook, HookName, HookResult, PerformancePolicy } from '../../src/engine/extensions.ts';
import type { TurnContext } from '../../src/engine/turn-context.ts';
import type { AgentOptions } from '../../src/sdk/agent.ts';
import type { AgentHooks } from '../../src/sdk/hooks.ts';
import type { DefinedServer } from '../../src/sdk/server.ts';
import { startWritten, storyOf } from '../support/written-agent.ts';

const names: readonly HookName[] = [
  'error',
  'acknowledging',
  'acknowledged',
  'preparing',
  'preparationIterationStart',
  'preparationIterationEnd',
  'generatingPreamble',
  'preambleGenerated',
  'preambleEmitted',
  'generatingMessages',
  'draftGenerated',
  'messageGenerated',
  'messagesEmitted',
];

/** A few words first, and no pauses. */
const policy: PerformancePolicy = {
  preambleDelayMs: () => 0,
  processingDelayMs: () => 0,
  extendedDelayMs: () => null,
  followUpDelayMs: () => 0,
  isPreambleRequired: () => true,
  splitsMessages: true,
};

/** An agent that greets, follows one guideline and has a response that it could send. */
const write =
  (hooks: AgentHooks, options: Partial<AgentOptions> = {}) =>
  (server: DefinedServer) => {
    const agent = server.createAgent({ name: 'Clinic', performancePolicy: policy, hooks, ...options });
    agent.createGuideline({ condition: 'The patient asks', action: 'Answer' });
    agent.createCannedResponse({ template: 'We are open.' });
  };

/** Every hook, each of which tells its name; the story of the turn then says when it was called. */
function tellingHooks(result: (name: HookName) => HookResult | Error = () => 'next') {
  const payloads: Partial<Record<HookName, unknown>> = {};
  const hooks = names.map((name) => {
    const hook: Hook<HookName> = async (_turn, payload, { emitCustom }) => {
      payloads[name] = payload;
      await emitCustom(name);
      const said = result(name);
      if (said instanceof Error) throw said;
      return said;
    };
    return [name, hook] as const;
  });
  return { hooks: Object.fromEntries(hooks) as AgentHooks, payloads };
}

async function play(hooks: AgentHooks, options: Partial<AgentOptions> = {}) {
  await using program = await startWritten(write(hooks, options));
  const id = await program.session();
  const [message] = await program.turn(id, 'Are you open?');
  // The next turn begins when all of this one is done.
  await program.turn(id, 'Thanks.');
  const events = await program.events(id);
  return storyOf(events.filter(({ trace_id: traceId }) => traceId === message?.trace_id)).slice(1);
}

const whole = [
  'custom: acknowledging',
  'acknowledged',
  'custom: acknowledged',
  'custom: preparing',
  'custom: preparationIterationStart',
  'custom: generatingPreamble',
  'typing',
  'custom: preambleGenerated',
  'agent: One moment.',
  'ready',
  'custom: preambleEmitted',
  'processing: Interpreting',
  'custom: preparationIterationEnd',
  'custom: generatingMessages',
  'processing: Articulating',
  'custom: draftGenerated',
  'typing',
  'custom: messageGenerated',
  'agent: An answer.',
  'ready',
  'ready: completed',
  'custom: messagesEmitted',
];

describe('the hooks of an agent', () => {
  it('are called at their places in a turn, with what they are told', async () => {
    const { hooks, payloads } = tellingHooks();
    expect(await play(hooks)).toEqual(whole);
    expect(payloads).toEqual({
      acknowledging: undefined,
      acknowledged: undefined,
      preparing: undefined,
      preparationIterationStart: undefined,
      preparationIterationEnd: undefined,
      generatingPreamble: undefined,
      preambleGenerated: { text: 'One moment.' },
      preambleEmitted: undefined,
      generatingMessages: undefined,
      draftGenerated: { text: 'An answer.' },
      messageGenerated: { text: 'An answer.' },
      messagesEmitted: undefined,
    });
  });

  /** What a turn comes to where this hook bails out. Of everything behind a preamble matching was begun, too. */
  const bails: readonly (readonly [HookName, readonly string[]])[] = [
    ['acknowledging', ['custom: acknowledging']],
    ['acknowledged', upTo('custom: acknowledged')],
    ['preparing', upTo('custom: preparing')],
    [
      'preparationIterationStart',
      [...upTo('custom: preparationIterationStart'), ...from('custom: generatingMessages')],
    ],
    ['preparationIterationEnd', whole],
    ['generatingPreamble', upTo('custom: generatingPreamble')],
    ['preambleGenerated', whole.filter((told) => told !== 'agent: One moment.')],
    ['preambleEmitted', upTo('custom: preambleEmitted')],
    ['generatingMessages', upTo('custom: generatingMessages')],
    ['draftGenerated', [...upTo('custom: draftGenerated'), ...from('custom: messageGenerated')]],
    ['messageGenerated', whole.filter((told) => told !== 'agent: An answer.')],
    ['messagesEmitted', whole],
  ];

  it.each(bails)('%s can bail out', async (name, story) => {
    const { hooks } = tellingHooks((each) => (each === name ? 'bail' : 'next'));
    expect(await play(hooks)).toEqual(story);
  });

  it('can each be the last of its name that is asked, and the turn goes on', async () => {
    const { hooks } = tellingHooks(() => 'resolve');
    const never = async () => Promise.reject(new Error('was asked'));
    const both = Object.fromEntries(Object.entries(hooks).map(([name, hook]) => [name, [hook, never]]));
    expect(await play(both as AgentHooks)).toEqual(whole); // each as it was, and one more
  });

  it.each(names.filter((name) => name !== 'error'))(
    '%s can fail, and the turn fails with it',
    async (name) => {
      const { hooks, payloads } = tellingHooks((each) =>
        each === name ? new Error('out of order') : 'next',
      );
      const story = await play(hooks);
      const told = story.slice(0, story.indexOf(`custom: ${name}`) + 1);
      // Behind the answer the turn is over already.
      const ready = name === 'messagesEmitted' ? [] : ['ready: completed'];
      expect(story.slice(told.length)).toEqual(['custom: error', ...ready, 'error: AGENT_FAILED']);
      expect(payloads.error).toEqual({ error: new Error('out of order') });
    },
  );

  it('error can keep a failure to itself', async () => {
    const { hooks } = tellingHooks((name) => {
      if (name === 'error') return 'bail';
      return name === 'preparing' ? new Error('out of order') : 'next';
    });
    expect(await play(hooks)).toEqual([...upTo('custom: preparing'), 'custom: error', 'ready: completed']);
  });

  it('error can fail itself, and the first failure is told', async () => {
    const { hooks } = tellingHooks((name) =>
      name === 'error' || name === 'preparing' ? new Error(`${name} is out of order`) : 'next',
    );
    await using program = await startWritten(write(hooks));
    const events = await program.turn(await program.session(), 'Are you open?');
    expect(storyOf(events).slice(-2)).toEqual(['ready: completed', 'error: AGENT_FAILED']);
    expect(events.at(-1)?.data).toMatchObject({ data: { exception: 'Error: preparing is out of order' } });
  });

  it('must say what comes next: one that says nothing fails', async () => {
    const forgetful = (() => {}) as unknown as Hook<'acknowledged'>;
    await using program = await startWritten(write({ acknowledged: forgetful }));
    const events = await program.turn(await program.session(), 'Are you open?');
    expect(events.at(-1)?.data).toMatchObject({
      data: {
        exception:
          'TypeError: The hook acknowledged of the agent "Clinic" must say next, resolve or bail, not undefined.',
      },
    });
  });

  it('of one name are asked in order, until one resolves', async () => {
    const asked: string[] = [];
    const say = (name: string, result: HookResult) => async () => {
      asked.push(name);
      return result;
    };
    await using program = await startWritten(
      write({ preparing: [say('first', 'next'), say('second', 'resolve'), say('third', 'bail')] }),
    );
    const story = storyOf(await program.turn(await program.session(), 'Are you open?'));
    expect(asked).toEqual(['first', 'second']);
    expect(story).toContain('agent: An answer.');
  });

  it('can answer in the place of the agent, and end the turn', async () => {
    const hooks: AgentHooks = {
      async acknowledged(_turn, _payload, { emitMessage, emitStatus }) {
        await emitMessage('We are closed today.');
        await emitStatus('ready', { stage: 'completed' });
        return 'bail';
      },
    };
    await using program = await startWritten(write(hooks));
    const answer = await fetch(`${program.url}/api/chat`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ message: 'Are you open?' }),
    });
    expect(await answer.json()).toMatchObject({
      status: 'ready',
      messages: [
        {
          source: 'ai_agent',
          data: { message: 'We are closed today.', participant: { display_name: 'Clinic' } },
        },
      ],
    });
    expect(program.nlp.asked).toEqual([]);
  });

  it('are heard by the model that answers', async () => {
    const hooks: AgentHooks = {
      async preparing(_turn, _payload, { emitMessage }) {
        await emitMessage('I look it up.');
        return 'next';
      },
    };
    await using program = await startWritten(write(hooks, { performancePolicy: 'null' }));
    await program.turn(await program.session(), 'Are you open?');
    const [draft] = program.nlp.asked.flatMap((asked) => (asked.question === 'canned_draft' ? asked : []));
    expect(JSON.stringify(draft?.input.situation.interaction)).toMatch(/Are you open\?.*I look it up\./);
  });

  it('see which guidelines apply as soon as it is known', async () => {
    const seen: Record<string, readonly string[]> = {};
    const see =
      (name: string) =>
      async ({ ordinary }: TurnContext): Promise<HookResult> => {
        seen[name] = ordinary.map(({ guideline }) => guideline.condition);
        return 'next';
      };
    await using program = await startWritten(
      write({ preparing: see('before'), generatingMessages: see('behind') }),
    );
    await program.turn(await program.session(), 'Are you open?');
    expect(seen).toEqual({ before: [], behind: ['The patient asks'] });
  });

  it('of what is said on request are only those of messages', async () => {
    const { hooks } = tellingHooks();
    await using program = await startWritten(write(hooks));
    const id = await program.session();
    await program.colloquy.sessions.utter(id, [{ action: 'Say goodbye', rationale: 'unspecified' }]);
    expect(storyOf(await program.events(id)).filter((told) => told.startsWith('custom'))).toEqual([
      'custom: draftGenerated',
      'custom: messageGenerated',
    ]);
  });
});

function upTo(told: string): readonly string[] {
  return whole.slice(0, whole.indexOf(told) + 1);
}

function from(told: string): readonly string[] {
  return whole.slice(whole.indexOf(told));
}
