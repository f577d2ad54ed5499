import { describe, expect, it } from 'vitest';
import { createComposer } from '../../src/engine/composing/composer.ts';
import { createRecordingVoice, type RecordingVoice, toShown } from '../support/composer.ts';
import { callsOf, nlpOf, type Scenario, turnOf, voiceOf } from '../support/composer-scenario.ts';
import { readVectors } from '../support/vectors.ts';

type Case = {
  readonly scenario: Scenario;
  readonly expected: {
    readonly events: readonly object[];
    readonly modelCalls: readonly string[];
    readonly temperatures?: readonly (readonly [string, number])[];
    readonly latchEnabledAfterEvents?: readonly number[];
    readonly pausesSeconds?: readonly number[];
    readonly raised?: string;
  };
};

describe('a canned composer', () => {
  it.each(readVectors<Case>('message-composition', 'canned-composer'))(
    '$id $title',
    async ({ scenario, expected }) => {
      const nlp = nlpOf(scenario);
      const voice = createRecordingVoice(voiceOf(scenario));
      const composed = createComposer({ nlp }).compose(turnOf(scenario), voice);
      const raised: unknown = await composed.then(
        () => undefined,
        (error: unknown) => error,
      );
      expect(raised !== undefined).toBe(expected.raised !== undefined);
      expect(voice.all.map(toShown)).toEqual(expected.events);
      expect(callsOf(nlp).map(([name]) => name)).toEqual(expected.modelCalls);
      expect(callsOf(nlp)).toEqual(expected.temperatures ?? []);
      expect(voice.pauses).toEqual((expected.pausesSeconds ?? []).map((each) => expect.closeTo(each, 6)));
      expect(latchOf(voice)).toBe(latchIn(expected));
    },
  );
});

/** The vectors have none for streams: they are committed to when they are whole. */
function latchOf({ commits, all }: RecordingVoice): number | undefined {
  return all.map(toShown).some((event) => 'chunks' in event) ? undefined : commits[0];
}

/** Committing to silence would do no harm, and no good. */
function latchIn({ events, latchEnabledAfterEvents }: Case['expected']): number | undefined {
  return events.some((event) => 'message' in event) ? latchEnabledAfterEvents?.at(-1) : undefined;
}
