import { describe, expect, it } from 'vitest';
import type { EngineGuideline } from '../../src/engine/guideline.ts';
import { createGuidelineMatcher } from '../../src/engine/matching/guideline-matcher.ts';
import { NlpError } from '../../src/errors.ts';
import type { NlpService } from '../../src/nlp/nlp.ts';
import { systemClock } from '../../src/session/clock.ts';
import { createTestClock } from '../support/clock.ts';
import { composerTurn, createScriptedNlp, type ScriptedNlp } from '../support/composer.ts';
import { engineGuideline } from '../support/engine-entities.ts';

const applies = { checks: [{ n: '1', rationale: 'yes', applies: true }] };
const failure = new NlpError('scripted', 'it is down');

describe('a question that failed', () => {
  it('is asked again, a little more freely and then less', async () => {
    const nlp = createScriptedNlp({ actionable: [failure, failure, applies] });
    expect(await match(nlp)).toHaveLength(1);
    expect(temperaturesOf(nlp)).toEqual([0.15, 0.3, 0.1]);
  });

  it('is tried again after a second, and after four more', async () => {
    const clock = createTestClock();
    const nlp = createScriptedNlp({ actionable: [...Array.from({ length: 6 }, () => failure), applies] });
    const matched = match(nlp, { clock });
    await waits(clock);
    await clock.advance(999);
    expect(nlp.asked).toHaveLength(3);
    await clock.advance(1);
    await waits(clock);
    await clock.advance(3_999);
    expect(nlp.asked).toHaveLength(6);
    await clock.advance(1);
    expect(await matched).toHaveLength(1);
    expect(temperaturesOf(nlp)).toEqual([0.15, 0.3, 0.1, 0.15, 0.3, 0.1, 0.15]);
  });

  it('nine times, fails the matching with its own failure', async () => {
    const clock = createTestClock();
    const nlp = createScriptedNlp({ actionable: [failure] });
    const failed = match(nlp, { clock }).catch((error: unknown) => error);
    await waits(clock);
    await clock.advance(1_000);
    await waits(clock);
    await clock.advance(4_000);
    expect(await failed).toBe(failure);
    expect(nlp.asked).toHaveLength(9);
    expect(clock.pending()).toBe(0);
  });

  it.each([
    ['of guidelines', { actionable: [{ checks: [{ n: '2', rationale: '', applies: true }] }, applies] }, {}],
    [
      'of principles',
      { low_criticality: [{ applies: { '1': true, '7': false } }, { applies: { '1': true } }] },
      { criticality: 'low' as const },
    ],
  ])('an answer that speaks of what was not asked, %s, is a failure', async (_, script, given) => {
    const nlp = createScriptedNlp(script);
    expect(await match(nlp, { guidelines: [engineGuideline('g', given)] })).toHaveLength(1);
    expect(temperaturesOf(nlp)).toEqual([0.15, 0.3]);
  });

  it('by numbers that nobody asked about, says so in the end', async () => {
    const clock = createTestClock();
    const nlp = createScriptedNlp({ actionable: [{ checks: [{ n: 'x', rationale: '', applies: true }] }] });
    const failed = match(nlp, { clock }).catch(String);
    await waits(clock);
    await clock.advance(1_000);
    await waits(clock);
    await clock.advance(4_000);
    expect(await failed).toContain('it spoke of number "x" where 1 were asked about.');
  });
});

describe('when one batch fails for good', () => {
  const guidelines = [engineGuideline('a', { action: null }), engineGuideline('b')];

  it('the matching fails at once, and what else is being asked is given up', async () => {
    const clock = createTestClock();
    const signals: AbortSignal[] = [];
    const nlp = answering((question, signal) => {
      if (question === 'observational') return Promise.reject(failure);
      signals.push(signal);
      // Does not even listen.
      return new Promise(() => {});
    });
    const failed = match(nlp, { guidelines, clock }).catch((error: unknown) => error);
    await waits(clock);
    await clock.advance(1_000);
    await waits(clock);
    expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
    await clock.advance(4_000);
    expect(await failed).toBe(failure);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  });

  it('pauses of the others end, and they ask nothing more', async () => {
    const clock = createTestClock();
    const asked: string[] = [];
    const late = Promise.withResolvers<never>();
    const nlp = answering((question) => {
      asked.push(question);
      if (question === 'observational') return Promise.reject(failure);
      // Fails for the first time just before the other one fails for good.
      return late.promise;
    });
    const failed = match(nlp, { guidelines, clock }).catch((error: unknown) => error);
    await waits(clock);
    await clock.advance(1_000);
    await waits(clock);
    late.reject(failure);
    await expect.poll(() => clock.pending()).toBe(2);
    await clock.advance(4_000);
    expect(await failed).toBe(failure);
    const count = asked.length;
    await clock.advance(60_000);
    expect([clock.pending(), asked.length]).toEqual([0, count]);
  });
});

describe('when the turn is given up', () => {
  const reason = new Error('interrupted');

  it('the matching ends at once, whether the provider listens or not', async () => {
    const turn = new AbortController();
    const signals: AbortSignal[] = [];
    const nlp = answering((_question, signal) => {
      signals.push(signal);
      return new Promise(() => {});
    });
    const matched = match(nlp, { signal: turn.signal });
    turn.abort(reason);
    await expect(matched).rejects.toBe(reason);
    expect(signals.map((signal) => signal.reason)).toEqual([reason]);
  });

  it('what comes too late is not asked again', async () => {
    const turn = new AbortController();
    const clock = createTestClock();
    const { promise, reject } = Promise.withResolvers<never>();
    let asked = 0;
    const nlp = answering(() => {
      asked += 1;
      return promise;
    });
    const matched = match(nlp, { signal: turn.signal, clock });
    turn.abort(reason);
    await expect(matched).rejects.toBe(reason);
    reject(failure);
    await clock.advance(10_000);
    expect([asked, clock.pending()]).toEqual([1, 0]);
  });

  it('a pause between two tries ends', async () => {
    const turn = new AbortController();
    const clock = createTestClock();
    const matched = match(createScriptedNlp({ actionable: [failure] }), { clock, signal: turn.signal });
    await waits(clock);
    turn.abort(reason);
    await expect(matched).rejects.toBe(reason);
    expect(clock.pending()).toBe(0);
  });

  it('a matcher of the program is not waited for', async () => {
    const turn = new AbortController();
    const given = composerTurn({
      signal: turn.signal,
      extensions: { entities: new Map([['g', { matcher: () => new Promise(() => {}) }]]) },
    });
    const matcher = createGuidelineMatcher({ nlp: createScriptedNlp({}), clock: systemClock });
    const matched = matcher.match(given, { guidelines: [engineGuideline('g')], activeJourneys: [] });
    turn.abort(reason);
    await expect(matched).rejects.toBe(reason);
  });

  it('before it began, nothing is asked', async () => {
    const nlp = createScriptedNlp({ actionable: [applies] });
    await expect(match(nlp, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(nlp.asked).toEqual([]);
  });
});

/** Until somebody pauses. */
function waits(clock: { pending(): number }): Promise<void> {
  return expect.poll(() => clock.pending()).toBeGreaterThan(0);
}

function match(
  nlp: Pick<NlpService, 'ask' | 'name'>,
  {
    guidelines = [engineGuideline('g')],
    clock = systemClock,
    signal = new AbortController().signal,
  }: {
    readonly guidelines?: readonly EngineGuideline[];
    readonly clock?: typeof systemClock;
    readonly signal?: AbortSignal;
  } = {},
) {
  const matcher = createGuidelineMatcher({ nlp, clock });
  return matcher.match(composerTurn({ signal }), { guidelines, activeJourneys: [] });
}

function temperaturesOf({ asked }: ScriptedNlp): readonly number[] {
  return asked.map(({ temperature }) => temperature);
}

/** Never an answer: failures and silence. */
function answering(
  answer: (question: string, signal: AbortSignal) => Promise<never>,
): Pick<NlpService, 'ask' | 'name'> {
  return { name: 'scripted', ask: (question, _input, { signal }) => answer(question, signal) };
}
