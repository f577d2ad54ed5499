import { describe, expect, it } from 'vitest';
import type { EntityExtensions } from '../../src/engine/extensions.ts';
import type { EngineGuideline } from '../../src/engine/guideline.ts';
import { createGuidelineMatcher } from '../../src/engine/matching/guideline-matcher.ts';
import { guidelineEnd, indexRelationships } from '../../src/engine/relational-resolver/relationship-index.ts';
import type { RelationshipKind } from '../../src/entities/collections/relationship.ts';
import { systemClock } from '../../src/session/clock.ts';
import { composerTurn, createScriptedNlp, type Script, type TurnGiven } from '../support/composer.ts';
import { engineGuideline } from '../support/engine-entities.ts';

describe('what is asked of a guideline depends on what it is', () => {
  const applies = { checks: [{ n: '1', rationale: 'it was said', applies: true }] };

  it('an observation: whether it holds', async () => {
    const { matches, asked } = await match([engineGuideline('g', { action: null })], {
      script: { observational: [applies] },
    });
    expect(asked).toEqual(['observational']);
    expect(matches).toMatchObject([{ guideline: { id: 'g' }, score: 10, rationale: 'it was said' }]);
  });

  it('one with an action: whether it is to be followed', async () => {
    const { matches, asked } = await match([engineGuideline('g')], { script: { actionable: [applies] } });
    expect(asked).toEqual(['actionable']);
    expect(matches).toMatchObject([{ guideline: { id: 'g' }, score: 10, rationale: 'it was said' }]);
  });

  it('of low criticality: whether it bears on the conversation, without a reason', async () => {
    const low = ['a', 'b', 'c'].map((id) => engineGuideline(id, { criticality: 'low' }));
    const { matches, asked } = await match(low, {
      script: { low_criticality: [{ applies: { '1': true, '2': false, '3': true } }] },
    });
    expect(asked).toEqual(['low_criticality']);
    expect(matches.map(({ guideline }) => guideline.id)).toEqual(['a', 'c']);
    expect(new Set(matches.map(({ rationale }) => rationale)).size).toBe(1);
  });

  it('followed before: whether to follow it again', async () => {
    const { matches, asked } = await match([engineGuideline('a'), engineGuideline('b')], {
      turn: { state: { appliedGuidelineIds: ['a', 'b'], journeyPaths: {} } },
      script: {
        previously_applied: ({ guidelines: [asked] }) => ({
          checks: [{ n: '1', conditionMetAgain: true, shouldReapply: asked?.condition === 'condition of a' }],
        }),
      },
    });
    expect(asked).toEqual(['previously_applied', 'previously_applied']);
    expect(matches).toMatchObject([{ guideline: { id: 'a' }, score: 10 }]);
  });

  it('followed before, and the customer has a part in it: whether that is still owed', async () => {
    const metadata = { customer_dependent_action_data: { is_customer_dependent: true } };
    const { matches, asked } = await match([engineGuideline('a', { metadata })], {
      turn: { state: { appliedGuidelineIds: ['a'], journeyPaths: {} } },
      script: {
        customer_dependent: [
          { checks: [{ n: '1', conditionStillMet: true, summary: 'no date yet', shouldApply: true }] },
        ],
      },
    });
    expect(asked).toEqual(['customer_dependent']);
    expect(matches).toMatchObject([{ rationale: 'no date yet' }]);
  });

  it('what does not apply, and what is not spoken of, is no match', async () => {
    const low = ['a', 'b'].map((id) => engineGuideline(id, { criticality: 'low' }));
    const { matches } = await match(low, { script: { low_criticality: [{ applies: { '2': false } }] } });
    expect(matches).toEqual([]);
  });

  it('what is spoken of twice is one match', async () => {
    const twice = { checks: [...applies.checks, ...applies.checks] };
    const { matches } = await match([engineGuideline('g')], { script: { actionable: [twice] } });
    expect(matches).toHaveLength(1);
  });

  it('is shown in the words that were found for it when it was written', async () => {
    const metadata = { agent_intention_condition: 'you are about to order', internal_action: 'order' };
    const { inputs } = await match([engineGuideline('g', { metadata })], {
      script: { actionable: [applies] },
    });
    expect(inputs).toMatchObject([
      {
        guidelines: [
          { n: '1', condition: 'you are about to order', action: 'order', isAgentIntention: true },
        ],
      },
    ]);
  });
});

describe('a guideline of which the program itself says whether it applies', () => {
  const saying = (matched: boolean): Extended => ({
    g: { matcher: async () => ({ matched, rationale: 'it is Monday' }) },
  });

  it('applies when it says so, and nobody else is asked', async () => {
    const { matches, asked } = await match([engineGuideline('g')], { extended: saying(true) });
    expect(asked).toEqual([]);
    expect(matches).toMatchObject([{ guideline: { id: 'g' }, score: 10, rationale: 'it is Monday' }]);
  });

  it('does not apply when it does not', async () => {
    expect((await match([engineGuideline('g')], { extended: saying(false) })).matches).toEqual([]);
  });

  it('needs no condition', async () => {
    const guideline = engineGuideline('g', { condition: '' });
    expect((await match([guideline], { extended: saying(true) })).matches).toHaveLength(1);
  });

  it('is given the turn', async () => {
    let customer = '';
    const extended: Extended = {
      g: {
        matcher: async ({ customerId }) => {
          customer = customerId;
          return { matched: false, rationale: '' };
        },
      },
    };
    await match([engineGuideline('g')], { extended });
    expect(customer).toBe('c');
  });

  it('does not apply when that fails, and operators are told', async () => {
    const extended: Extended = { g: { matcher: () => Promise.reject(new Error('no calendar')) } };
    const { matches, warned } = await match([engineGuideline('g')], { extended });
    expect(matches).toEqual([]);
    expect(warned).toEqual([{ guidelineId: 'g', err: new Error('no calendar') }]);
  });
});

it('a guideline without a condition applies to nothing, and is not asked about', async () => {
  const { matches, asked } = await match([
    engineGuideline('a', { condition: '' }),
    engineGuideline('b', { condition: ' ', action: null }),
  ]);
  expect([matches, asked]).toEqual([[], []]);
});

it('nothing to look at is nothing found', async () => {
  expect((await match([])).matches).toEqual([]);
});

describe('where it may be open what the customer means', () => {
  const source = engineGuideline('s', { action: null, condition: 'the customer wants a card' });
  const targets = ['a', 'b', 'c'].map((id) => engineGuideline(id));
  const relationships = relate('disambiguation', ['s', 'a'], ['s', 'b'], ['s', 'c']);
  const all = { checks: [{ n: '1', rationale: '', applies: true }] };

  it('the agent asks, and does none of what may be meant', async () => {
    const { matches, inputs } = await match([source, ...targets], {
      relationships,
      script: {
        actionable: [all],
        disambiguation: [
          {
            summary: 'two cards',
            isAmbiguous: true,
            candidates: [
              { n: '1', needsClarification: true },
              { n: '2', needsClarification: false },
              { n: '3', needsClarification: true },
            ],
            clarifyingAction: 'ask which card',
          },
        ],
      },
    });
    expect(matches).toMatchObject([
      { guideline: { id: 'b' } },
      { guideline: { action: 'ask which card', transient: true }, score: 10, rationale: 'two cards' },
    ]);
    expect(inputs.at(-1)).toMatchObject({
      condition: 'the customer wants a card',
      candidates: [{ n: '1' }, { n: '2' }, { n: '3' }],
    });
  });

  it('an answer that leaves out what is open, and how to ask, means all of it', async () => {
    const { matches } = await match([source, ...targets], {
      relationships,
      script: { actionable: [all], disambiguation: [{ isAmbiguous: true, candidates: [] }] },
    });
    expect(matches).toHaveLength(1);
    expect(matches[0]?.guideline.action).toMatch(/"action of a", "action of b", "action of c"/);
  });

  it('where it is clear it is only remembered that it was looked at', async () => {
    const { matches } = await match([source, ...targets], {
      relationships,
      script: { actionable: [all], disambiguation: [{ isAmbiguous: false, candidates: [] }] },
    });
    expect(matches.map(({ guideline: { id }, score }) => [id, score])).toEqual([
      ['a', 10],
      ['b', 10],
      ['c', 10],
      ['s', 1],
    ]);
  });

  it('with one of them only there is nothing to ask back about: it is an observation like others', async () => {
    const { matches, asked } = await match([source, targets[0] ?? source], {
      relationships,
      script: { actionable: [all], observational: [all] },
    });
    expect(asked.toSorted()).toEqual(['actionable', 'observational']);
    expect(matches.map(({ guideline: { id }, score }) => [id, score])).toEqual([
      ['a', 10],
      ['s', 10],
    ]);
  });

  it('what the program decides itself may be meant as well', async () => {
    const { asked, matches } = await match([source, ...targets.slice(0, 2)], {
      relationships,
      extended: { a: { matcher: async () => ({ matched: true, rationale: '' }) } },
      script: {
        actionable: [all],
        disambiguation: [{ isAmbiguous: true, candidates: [], clarifyingAction: 'ask' }],
      },
    });
    expect(asked.toSorted()).toEqual(['actionable', 'disambiguation']);
    expect(matches.map(({ guideline }) => guideline.action)).toEqual(['ask']);
  });
});

describe('many guidelines', () => {
  it('are asked about all at once, and found in the order of what was asked', async () => {
    const guidelines = Array.from({ length: 7 }, (_, at) => engineGuideline(`g${at}`));
    const open: (() => void)[] = [];
    const nlp = createScriptedNlp(
      { actionable: [{ checks: [{ n: '1', rationale: '', applies: true }] }] },
      {
        onAsk: () =>
          new Promise((resolve) => {
            open.push(resolve);
            // The last one is answered first.
            if (open.length === guidelines.length) for (const each of open.toReversed()) each();
          }),
      },
    );
    const matcher = createGuidelineMatcher({ nlp, clock: systemClock });
    const matches = await matcher.match(composerTurn(), { guidelines, activeJourneys: [] });
    expect(matches.map(({ guideline }) => guideline.id)).toEqual(guidelines.map(({ id }) => id));
  });

  it('a thousand: each is asked about once, five at a time', async () => {
    const guidelines = Array.from({ length: 1_000 }, (_, at) => engineGuideline(`g${at}`));
    const { asked, inputs } = await match(guidelines, { script: { actionable: [{ checks: [] }] } });
    expect(asked).toHaveLength(200);
    const conditions = inputs.flatMap((input) =>
      'guidelines' in input ? input.guidelines.map(({ condition }) => condition) : [],
    );
    expect(new Set(conditions).size).toBe(1_000);
    expect(conditions).toHaveLength(1_000);
  });

  it('twice as many are looked at twice as often', async () => {
    const [few, many] = [await readsOf(1_000), await readsOf(2_000)];
    expect(many / few).toBeLessThan(2.1);
  });
});

/** How often a guideline is looked at in one match. */
async function readsOf(count: number): Promise<number> {
  let reads = 0;
  const guidelines = Array.from(
    { length: count },
    (_, at) =>
      new Proxy(engineGuideline(`g${at}`, at % 3 === 0 ? { action: null } : {}), {
        get(guideline, name: keyof EngineGuideline) {
          reads += 1;
          return guideline[name];
        },
      }),
  );
  const nothing = { checks: [] };
  await match(guidelines, { script: { actionable: [nothing], observational: [nothing] } });
  return reads;
}

type Extended = Readonly<Record<string, EntityExtensions>>;

async function match(
  guidelines: readonly EngineGuideline[],
  {
    script = {},
    turn = {},
    extended = {},
    relationships = indexRelationships([]),
  }: {
    readonly script?: Script;
    readonly turn?: TurnGiven;
    readonly extended?: Extended;
    readonly relationships?: ReturnType<typeof indexRelationships>;
  } = {},
) {
  const nlp = createScriptedNlp(script);
  const warned: object[] = [];
  const matcher = createGuidelineMatcher({
    nlp,
    clock: systemClock,
    logger: { warn: (facts) => void warned.push(facts) },
  });
  const given = composerTurn({ ...turn, extensions: { entities: new Map(Object.entries(extended)) } });
  const knowledge = { ...given.knowledge, guidelines, relationships };
  const matches = await matcher.match({ ...given, knowledge }, { guidelines, activeJourneys: [] });
  return {
    matches,
    asked: nlp.asked.map(({ question }) => question),
    inputs: nlp.asked.map(({ input }) => input),
    warned,
  };
}

function relate(kind: RelationshipKind, ...pairs: readonly (readonly [string, string])[]) {
  return indexRelationships(
    pairs.map(([source, target]) => ({
      id: `${source}-${target}`,
      kind,
      source: guidelineEnd(source),
      target: guidelineEnd(target),
      groupId: null,
    })),
  );
}
