import { describe, expect, it } from 'vitest';
import { createComposer } from '../../src/engine/composing/composer.ts';
import type { CannedDraftInput } from '../../src/nlp/questions/messages.ts';
import {
  agentSaid,
  composerTurn,
  createRecordingVoice,
  createScriptedNlp,
  customerSays,
  type Script,
  toShown,
  type TurnGiven,
} from '../support/composer.ts';
import { engineGuideline } from '../support/engine-entities.ts';

const typing = { status: 'typing' };

describe('an answer that is heard while it is made', () => {
  it('is whole before the turn is committed to its end', async () => {
    const { composed, voice, asked } = stream(['Hel', 'lo']);
    expect(await composed).toEqual({ said: ['Hello'] });
    expect(voice.emitted.map(toShown)).toEqual([typing, { message: 'Hello', chunks: ['Hel', 'lo', null] }]);
    expect(voice.rest?.map(toShown)).toEqual([{ status: 'ready' }]);
    expect(voice.commits).toEqual([2]);
    expect(asked).toMatchObject([{ preamble: null, isForTemplates: false }]);
  });

  it('is silence where there are no pieces', async () => {
    const { composed } = stream([]);
    expect(await composed).toEqual({ said: [] });
  });

  it('asks neither hooks nor responses', async () => {
    const { composed, voice, nlp } = stream(['Hi'], { cannedResponses: [{ id: 'r1', value: 'R1' }] });
    await composed;
    expect([voice.hooked, nlp.asked]).toEqual([[], []]);
  });

  it('fails where the stream breaks, is not begun anew, and is committed to nothing', async () => {
    const { composed, voice, asked } = stream(['Hel', new Error('broken')]);
    await expect(composed).rejects.toThrow('broken');
    expect(asked).toHaveLength(1);
    expect(voice.rest).toBeUndefined();
  });

  it('ends at once when the turn is given up, though the model hangs, and the model is told', async () => {
    const abort = new AbortController();
    let isReturned = false;
    const pieces = ['Hel', 'lo'];
    const hanging: AsyncIterable<string> = {
      [Symbol.asyncIterator]: () => ({
        async next() {
          const value = pieces.shift();
          if (value !== undefined) return { done: false, value };
          abort.abort(new Error('given up'));
          return new Promise(() => {});
        },
        async return() {
          isReturned = true;
          return { done: true, value: undefined };
        },
      }),
    };
    const { composed, voice } = stream(hanging, { signal: abort.signal });
    await expect(composed).rejects.toThrow('given up');
    expect(isReturned).toBe(true);
    expect(voice.emitted.map(toShown)).toContainEqual({ message: 'Hello', chunks: ['Hel', 'lo', null] });
    expect(voice.rest).toBeUndefined();
  });

  it('is not begun again where an earlier attempt has ended it', async () => {
    const whole = [customerSays('q'), agentSaid('Hello', { data: { chunks: ['Hel', 'lo', null] } })];
    const again = stream(['Other'], { attempt: 2, events: whole });
    expect(await again.composed).toEqual({ said: ['Hello'] });
    expect([again.voice.emitted, again.voice.rest?.map(toShown)]).toEqual([[], [{ status: 'ready' }]]);
    const cut = [
      customerSays('q'),
      agentSaid('Hel', { data: { chunks: ['Hel', null] }, metadata: { interrupted: true } }),
    ];
    expect(await stream(['Other'], { attempt: 2, events: cut }).composed).toEqual({ said: ['Other'] });
  });
});

describe('what was written for what applies', () => {
  const ordinary = [{ guideline: engineGuideline('g1', { action: 'Greet' }), score: 10, rationale: '' }];

  it('goes before a stream, and is sent whole', async () => {
    const script = {
      canned_draft: [{ body: 'Good day' }],
      selection: [{ templateId: 'r1', quality: 'high' }],
      follow_up: [{}],
    };
    const cannedResponses = [{ id: 'r1', value: 'Welcome!', tags: ['guideline:g1'] }];
    const { composed, asked } = stream(['Hi'], { ordinary, cannedResponses }, script);
    expect(await composed).toEqual({ said: ['Welcome!'] });
    expect(asked).toEqual([]);
  });

  it('is not what was written for something else', async () => {
    const cannedResponses = [{ id: 'r1', value: 'Welcome!', tags: ['guideline:g2'] }];
    expect(await stream(['Hi'], { ordinary, cannedResponses }).composed).toEqual({ said: ['Hi'] });
  });
});

function stream(
  pieces: readonly (string | Error)[] | AsyncIterable<string>,
  given: TurnGiven = {},
  script: Script = {},
) {
  const asked: CannedDraftInput[] = [];
  const nlp = createScriptedNlp(script, {
    streamText(input) {
      asked.push(input);
      return Symbol.asyncIterator in pieces ? pieces : told(pieces);
    },
  });
  const voice = createRecordingVoice();
  const turn = composerTurn({ ...given, agent: { messageOutputMode: 'stream' } });
  return { composed: createComposer({ nlp }).compose(turn, voice), voice, nlp, asked };
}

async function* told(pieces: readonly (string | Error)[]): AsyncGenerator<string> {
  for (const piece of pieces) {
    if (piece instanceof Error) throw piece;
    yield piece;
  }
}
