import { describe, expect, it } from 'vitest';
import { createComposer } from '../../src/engine/composing/composer.ts';
import { NlpError } from '../../src/errors.ts';
import {
  agentSaid,
  composerTurn,
  createRecordingVoice,
  createScriptedNlp,
  customerSays,
  textsOf,
  toShown,
  type TurnGiven,
} from '../support/composer.ts';
import { toEvent, toMatch } from '../support/composer-scenario.ts';
import { readVectors } from '../support/vectors.ts';

type Revision = {
  readonly content: string;
  readonly repeat?: boolean;
  readonly followed?: boolean;
  readonly prioritised?: boolean;
  readonly missingData?: boolean;
};
type Attempt = 'error' | { readonly producedReply?: boolean; readonly revisions?: readonly Revision[] };
type Case = {
  readonly attempts: readonly Attempt[];
  readonly history: readonly Parameters<typeof toEvent>[0][];
  readonly guidelines: readonly Parameters<typeof toMatch>[0][];
  readonly expected: {
    readonly events: readonly object[];
    readonly temperatures: readonly number[];
    readonly raised?: string;
  };
};

const failure = new NlpError('scripted', 'it was told to fail');

describe('a fluid composer', () => {
  it.each(readVectors<Case>('message-composition', 'fluid-composer'))(
    '$id $title',
    async ({ attempts, history, guidelines, expected }) => {
      const turn = { events: history.map(toEvent), ordinary: guidelines.map(toMatch) };
      const { composed, voice, nlp } = compose(attempts, turn);
      const raised: unknown = await composed.then(
        () => undefined,
        (error: unknown) => error,
      );
      expect(raised).toBe(expected.raised === undefined ? undefined : failure);
      expect(voice.all.map(toShown)).toEqual(expected.events);
      expect(nlp.asked.map(({ temperature }) => temperature)).toEqual(expected.temperatures);
    },
  );

  it('chooses what is excused by missing data, and tries again for something better', async () => {
    const excused = { content: 'A', followed: false, missingData: true };
    const { composed, nlp } = compose([{ revisions: [excused, { content: 'B', followed: false }] }]);
    expect(await composed).toEqual({ said: ['A'] });
    expect(nlp.asked).toHaveLength(3);
  });

  it('never takes a repetition for good', async () => {
    const { composed } = compose([
      { revisions: [{ content: 'A', followed: true, repeat: true }] },
      {
        revisions: [
          { content: 'A', prioritised: true, repeat: true },
          { content: 'B', followed: true },
        ],
      },
    ]);
    expect(await composed).toEqual({ said: ['B'] });
  });

  it('sends what was not good enough when the attempts after it fail', async () => {
    const { composed } = compose(['error', { revisions: [{ content: 'A' }] }, 'error']);
    expect(await composed).toEqual({ said: ['A'] });
  });

  it('is silent where the chosen text is blank', async () => {
    const { composed, voice } = compose([{ revisions: [{ content: ' \n', followed: true }] }]);
    expect(await composed).toEqual({ said: [] });
    expect(voice.rest).toBeUndefined();
  });

  it('is committed to its message, and leaves it to be sent with the end of the turn', async () => {
    const { composed, voice } = compose([{ revisions: [{ content: 'A {{ b }} \\', followed: true }] }]);
    await composed;
    expect(voice.emitted.map(toShown)).toEqual([{ status: 'typing' }]);
    const participant = { id: 'a', display_name: 'Ada' };
    const data = { message: 'A {{ b }} \\', participant };
    expect(voice.rest).toEqual([{ kind: 'message', data, metadata: {} }]);
  });

  it('does not send again what it sent before the process died', async () => {
    const events = [customerSays('q'), agentSaid('A')];
    const { composed, voice } = compose([{ revisions: [{ content: 'A', followed: true }] }], {
      attempt: 2,
      events,
    });
    expect(await composed).toEqual({ said: ['A'] });
    expect(textsOf(voice.all)).toEqual([]);
    expect(voice.rest).toEqual([]);
  });

  it('lets go at once when the turn is given up, whether the model listens or not', async () => {
    const abort = new AbortController();
    const reason = new Error('given up');
    const nlp = createScriptedNlp({}, { onAsk: () => new Promise(() => abort.abort(reason)) });
    const voice = createRecordingVoice();
    const turn = composerTurn({ agent: { compositionMode: 'fluid' }, signal: abort.signal });
    await expect(createComposer({ nlp }).compose(turn, voice)).rejects.toBe(reason);
    expect(nlp.asked).toHaveLength(1);
    expect(voice.rest).toBeUndefined();
  });
});

function compose(attempts: readonly Attempt[], given: TurnGiven = {}) {
  const nlp = createScriptedNlp({ fluid_message: attempts.map(toAnswer) });
  const voice = createRecordingVoice();
  const turn = composerTurn({ ...given, agent: { compositionMode: 'fluid' } });
  return { composed: createComposer({ nlp }).compose(turn, voice), voice, nlp };
}

function toAnswer(attempt: Attempt): unknown {
  if (attempt === 'error') return failure;
  const { producedReply, revisions } = attempt;
  return {
    producedReply,
    revisions: revisions?.map(({ content, repeat, followed, prioritised, missingData }) => ({
      content,
      isRepeat: repeat,
      followedAll: followed,
      brokenByPriority: prioritised,
      brokenByMissingData: missingData,
    })),
  };
}
