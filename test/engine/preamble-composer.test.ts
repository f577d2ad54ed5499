import { describe, expect, it } from 'vitest';
import { createComposer } from '../../src/engine/composing/composer.ts';
import type { PreambleInput } from '../../src/nlp/questions/messages.ts';
import {
  agentSaid,
  composerTurn,
  createRecordingVoice,
  createScriptedNlp,
  customerSays,
  toShown,
  type TurnGiven,
  type VoiceGiven,
} from '../support/composer.ts';
import { callsOf, nlpOf, type Scenario, turnOf, voiceOf } from '../support/composer-scenario.ts';
import { readVectors } from '../support/vectors.ts';

type Case = {
  readonly scenario: Scenario;
  readonly expected: {
    readonly events: readonly object[];
    readonly modelCalls: readonly string[];
    readonly temperatures: readonly (readonly [string, number])[];
  };
};

describe('words that bridge the time', () => {
  it.each(readVectors<Case>('message-composition', 'preamble-composer'))(
    '$id $title',
    async ({ scenario, expected }) => {
      const nlp = nlpOf(scenario);
      const voice = createRecordingVoice(voiceOf(scenario));
      const said = await createComposer({ nlp }).preamble(turnOf(scenario), voice);
      expect(voice.emitted.map(toShown)).toEqual(expected.events);
      expect(said).toBe(expected.events.some((event) => 'message' in event));
      expect(callsOf(nlp)).toEqual(expected.temperatures);
      expect(voice.rest).toBeUndefined();
    },
  );

  it('are none where an agent says what it likes', async () => {
    const { said, voice } = bridge(['Hello'], { agent: { compositionMode: 'fluid' } });
    expect(await said).toBe(false);
    expect(voice.emitted).toEqual([]);
  });

  it('are none where nobody has said anything', async () => {
    const { said, voice } = bridge(['Hello'], { events: [] });
    expect(await said).toBe(false);
    expect(voice.emitted).toEqual([]);
  });

  it('are none, and no status, where a strict agent has none', async () => {
    const cannedResponses = [
      { id: 'p', value: 'Elsewhere.', tags: ['__preamble__', 'agent:other'] },
      { id: 'q', value: '{{ unknown }}', tags: ['__preamble__', 'agent:a'] },
      { id: 'r', value: 'Not a preamble.' },
    ];
    const { said, voice, nlp } = bridge(['Hello'], { ...strict, cannedResponses });
    expect(await said).toBe(false);
    expect([voice.emitted, nlp.asked]).toEqual([[], []]);
  });

  it.each([
    ['fails', new Error('no answer')],
    ['has nothing to say', { text: '  ' }],
  ])('are none where the model %s', async (_, answer) => {
    const { said, voice } = bridge([answer]);
    expect(await said).toBe(false);
    expect(voice.emitted.map(toShown)).toEqual([{ status: 'typing' }]);
  });

  it('are shown how they should sound: as the agent wants it, else as a first message or a later one', async () => {
    const examplesFor = async (given: TurnGiven) => {
      const { said, nlp } = bridge(['Hello'], given);
      await said;
      return nlp.asked.map(({ input }) => (input as PreambleInput).examples);
    };
    const [first] = await examplesFor({});
    const [later] = await examplesFor({ events: [agentSaid('Hi', { trace_id: 'x' }), customerSays('q')] });
    expect(first?.length).toBeGreaterThan(0);
    expect(later?.length).toBeGreaterThan(0);
    expect(first).not.toEqual(later);
    const preamble = { examples: ['Moin.'], instructions: ['Be short.'] };
    expect(await examplesFor({ extensions: { preamble } })).toEqual([['Moin.']]);
  });

  it('are one of those a strict agent has, filled in and in another order each time', async () => {
    const cannedResponses = ['One', 'Two, {{ std.customer.name }}', 'Three', 'Three'].map((value, at) => ({
      id: `p${at}`,
      value,
      tags: ['__preamble__', 'agent:a'],
      metadata: { at },
    }));
    const places = [0.9, 0.1, 0.5];
    const random = () => places.shift() ?? 0;
    const { said, voice, nlp } = bridge([{ text: 'Two, Carl' }], { ...strict, cannedResponses }, { random });
    expect(await said).toBe(true);
    const input = { examples: ['Two, Carl', 'Three', 'One'], mustBeExample: true };
    expect(nlp.asked).toMatchObject([{ input }]);
    const message = { message: 'Two, Carl', tags: ['__preamble__'], metadata: { at: 1 } };
    expect(voice.emitted.map(toShown)).toEqual([{ status: 'typing' }, message]);
  });

  it('fail with the hook that fails', async () => {
    const hook = async () => {
      throw new Error('of the hook');
    };
    const { said, voice } = bridge(['Hello'], {}, { hook });
    await expect(said).rejects.toThrow('of the hook');
    expect(voice.emitted.map(toShown)).toEqual([{ status: 'typing' }]);
  });

  it('are let go of when the turn is given up, whether the model listens or not', async () => {
    const abort = new AbortController();
    const nlp = createScriptedNlp({}, { onAsk: () => new Promise(() => abort.abort(new Error('given up'))) });
    const turn = composerTurn({ signal: abort.signal });
    const said = createComposer({ nlp }).preamble(turn, createRecordingVoice());
    await expect(said).rejects.toThrow('given up');
  });

  it('are not said in a turn that was given up meanwhile', async () => {
    const abort = new AbortController();
    const reason = new Error('given up');
    const hook = async () => {
      abort.abort(reason);
      return true;
    };
    const { said, voice } = bridge(['Hello'], { signal: abort.signal }, { hook });
    await expect(said).rejects.toBe(reason);
    expect(voice.emitted.map(toShown)).toEqual([{ status: 'typing' }]);
  });
});

const strict = { agent: { compositionMode: 'strict_canned' } } as const;

function bridge(
  answers: readonly unknown[],
  given: TurnGiven = {},
  { random, ...voiceGiven }: VoiceGiven & { readonly random?: () => number } = {},
) {
  const nlp = createScriptedNlp({
    preamble: answers.map((each) => (typeof each === 'string' ? { text: each } : each)),
  });
  const voice = createRecordingVoice(voiceGiven);
  const composer = createComposer({ nlp, ...(random && { random }) });
  return { said: composer.preamble(composerTurn(given), voice), voice, nlp };
}
