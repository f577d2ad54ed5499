import { describe, expect, it } from 'vitest';
import { createResponseAnalyst } from '../../src/engine/response-analysis.ts';
import { NlpError } from '../../src/errors.ts';
import { systemClock } from '../../src/session/clock.ts';
import { createTestClock } from '../support/clock.ts';
import { composerTurn, createScriptedNlp, type ScriptedNlp } from '../support/composer.ts';
import { engineGuideline } from '../support/engine-entities.ts';

describe('what was followed by what was said', () => {
  it('is asked about five guidelines at a time, with what was said', async () => {
    const nlp = createScriptedNlp({
      response_analysis: ({ guidelines }) => ({
        checks: guidelines.map(({ n }) => ({ n, applied: n === '2' || n === '5' })),
      }),
    });
    expect(await analyse(nlp, 12)).toEqual(['g1', 'g4', 'g6', 'g9', 'g11']);
    expect(nlp.asked.map(({ input }) => input)).toMatchObject([
      { said: ['Hello.', 'Bye.'], guidelines: { length: 5 } },
      { said: ['Hello.', 'Bye.'], guidelines: { length: 5 } },
      { said: ['Hello.', 'Bye.'], guidelines: { length: 2 } },
    ]);
  });

  it('all chunks are asked about before any is answered', async () => {
    const { promise: all, resolve } = Promise.withResolvers<void>();
    let count = 0;
    const nlp = createScriptedNlp(
      { response_analysis: [{ checks: [] }] },
      {
        onAsk: () => {
          count += 1;
          if (count === 3) resolve();
          return all;
        },
      },
    );
    expect(await analyse(nlp, 15)).toEqual([]);
  });

  it('the agent’s own part is shown where the customer has one too', async () => {
    const nlp = createScriptedNlp({ response_analysis: [{ checks: [] }] });
    const metadata = {
      customer_dependent_action_data: {
        is_customer_dependent: true,
        customer_action: 'tell the date',
        agent_action: 'ask for the date',
      },
    };
    const match = { guideline: engineGuideline('g', { metadata }), score: 10, rationale: '' };
    await analystOf(nlp).analyse(composerTurn(), [match], []);
    expect(nlp.asked[0]?.input).toMatchObject({
      guidelines: [{ agentPart: 'ask for the date', customerPart: 'tell the date' }],
    });
  });

  it('nothing to look at is not asked about', async () => {
    const nlp = createScriptedNlp({});
    expect(await analyse(nlp, 0)).toEqual([]);
    expect(nlp.asked).toEqual([]);
  });
});

describe('where it cannot be told', () => {
  it('an answer that speaks of what was not asked is asked for again', async () => {
    const nlp = createScriptedNlp({
      response_analysis: [{ checks: [{ n: '3', applied: true }] }, { checks: [{ n: '1', applied: true }] }],
    });
    expect(await analyse(nlp, 2)).toEqual(['g0']);
    expect(nlp.asked.map(({ temperature }) => temperature)).toEqual([0.15, 0.3]);
  });

  it('three tries are made, with pauses, and then it fails', async () => {
    const clock = createTestClock();
    const failure = new NlpError('scripted', 'it is down');
    const nlp = createScriptedNlp({ response_analysis: [failure] });
    const failed = analyse(nlp, 1, { clock }).catch((error: unknown) => error);
    for (const pauseMs of [1_000, 4_000]) {
      await expect.poll(() => clock.pending()).toBe(1);
      await clock.advance(pauseMs);
    }
    expect(await failed).toBe(failure);
    expect(nlp.asked).toHaveLength(9);
  });

  it('nobody waits any longer when the time is over', async () => {
    const turn = new AbortController();
    const nlp = createScriptedNlp({}, { onAsk: () => new Promise(() => {}) });
    const analysed = analyse(nlp, 1, { signal: turn.signal });
    turn.abort(new Error('over'));
    await expect(analysed).rejects.toThrow('over');
  });
});

function analystOf(nlp: ScriptedNlp, clock = systemClock) {
  return createResponseAnalyst({ nlp, clock });
}

function analyse(
  nlp: ScriptedNlp,
  count: number,
  {
    clock = systemClock,
    signal = new AbortController().signal,
  }: { readonly clock?: typeof systemClock; readonly signal?: AbortSignal } = {},
) {
  const matches = Array.from({ length: count }, (_, at) => ({
    guideline: engineGuideline(`g${at}`),
    score: 10,
    rationale: '',
  }));
  return analystOf(nlp, clock).analyse(composerTurn({ signal }), matches, ['Hello.', 'Bye.']);
}
