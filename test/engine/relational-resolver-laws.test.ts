import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EngineGuideline, EngineJourney, GuidelineMatch } from '../../src/engine/guideline.ts';
import {
  guidelineEnd,
  indexRelationships,
  type Relation,
} from '../../src/engine/relational-resolver/relationship-index.ts';
import { resolve, type Resolved } from '../../src/engine/relational-resolver/resolve.ts';
import type { RelationshipEnd, RelationshipKind } from '../../src/entities/collections/relationship.ts';
import { engineGuideline, engineJourney } from '../support/engine-entities.ts';

/** Everything that takes part; relationships may run in circles, as they may not in a store. */
type World = {
  readonly usable: readonly EngineGuideline[];
  readonly matches: readonly GuidelineMatch[];
  readonly journeys: readonly EngineJourney[];
  readonly relations: readonly Relation[];
};

const everyKind = ['priority', 'dependency', 'dependency_any', 'entailment'] as const;
const names = ['g1', 'g2', 'g3', 'g4', 'g5', 'g6'];

describe('whatever is related to whatever', () => {
  it('gives the same result twice', () => {
    check(worlds(), (world) => {
      expect(run(world)).toEqual(run(world));
    });
  });

  it('does not ask in which order anything was given', () => {
    check(worlds().chain(shuffled), ({ world, other }) => {
      expect(toComparable(run(other))).toEqual(toComparable(run(world)));
    });
  });

  it('ends after three rounds at most, also where relationships run in circles', () => {
    check(worlds(), (world) => {
      expect(run(world).rounds).toBeLessThanOrEqual(3);
    });
  });

  it('leaves nothing active that was neither matched nor follows from something', () => {
    check(worlds(), (world) => {
      const matched = new Set(world.matches.map(({ guideline }) => guideline.id));
      const resolved = run(world);
      const others = resolved.matches.filter(({ guideline }) => !matched.has(guideline.id));
      expect(others.filter(({ guideline }) => !kindsOf(resolved, guideline.id).includes('entailed'))).toEqual(
        [],
      );
      const running = new Set(world.journeys.map(({ id }) => id));
      expect(resolved.journeys.filter(({ id }) => !running.has(id))).toEqual([]);
    });
  });

  it('says of everything that took part why it stays or goes', () => {
    check(worlds(), (world) => {
      const resolved = run(world);
      const active = new Set(resolved.matches.map(({ guideline }) => guideline.id));
      const ids = world.matches.map(({ guideline }) => guideline.id);
      const gone = ids.filter((id) => !active.has(id));
      expect(gone.filter((id) => !kindsOf(resolved, id).some(isAgainst))).toEqual([]);
      const stayed = ids.filter((id) => active.has(id));
      expect(stayed.filter((id) => kindsOf(resolved, id).includes('deprioritized'))).toEqual([]);
    });
  });

  it('changes no score of what follows from nothing', () => {
    check(worlds({ kinds: ['priority', 'dependency', 'dependency_any'] }), (world) => {
      const resolved = run(world);
      expect(world.matches).toEqual(expect.arrayContaining([...resolved.matches]));
    });
  });

  it('keeps a guideline made for one answer that nothing is related to', () => {
    check(worlds({ priorities: [0] }), (world) => {
      const made = toMatch(engineGuideline('made', { transient: true }));
      const resolved = run({ ...world, matches: [...world.matches, made] });
      expect(resolved.matches).toContainEqual(made);
    });
  });
});

describe('without entailments', () => {
  const plain = worlds({ kinds: ['priority', 'dependency', 'dependency_any'] });

  it('always settles', () => {
    check(plain, (world) => {
      expect(run(world).isSettled).toBe(true);
    });
  });

  it('what was resolved is resolved: another time changes nothing', () => {
    check(plain, (world) => {
      const { matches, journeys } = run(world);
      expect(run({ ...world, matches, journeys })).toMatchObject({ matches, journeys });
    });
  });

  it('of two active guidelines neither has priority over the other', () => {
    check(plain, (world) => {
      const active = new Set(run(world).matches.map(({ guideline }) => guideline.id));
      expect(world.relations.filter((relation) => isBetween(relation, active))).toEqual([]);
    });
  });
});

/** Why the law above needs its condition: who won and what followed is not remembered from one resolution to the next. */
describe('with entailments, resolving a result again', () => {
  const [g1, g2] = [engineGuideline('g1', { priority: 5 }), engineGuideline('g2')];
  const usable = [g1, g2];
  const relations = [relation('r1', 'entailment', guidelineEnd('g1'), guidelineEnd('g2'))];

  it('may drop what followed, because now it counts as matched and has a priority of its own', () => {
    const first = run({ usable, matches: [toMatch(g1)], journeys: [], relations });
    expect(idsOf(first)).toEqual(['g1', 'g2']);
    expect(idsOf(run({ usable, matches: first.matches, journeys: [], relations }))).toEqual(['g1']);
  });

  it('may bring back what had lost, because now it follows', () => {
    const first = run({ usable, matches: [toMatch(g1), toMatch(g2)], journeys: [], relations });
    expect(idsOf(first)).toEqual(['g1']);
    expect(idsOf(run({ usable, matches: first.matches, journeys: [], relations }))).toEqual(['g1', 'g2']);
  });
});

it('goes along a chain as long as there are guidelines', () => {
  const chain = Array.from({ length: 20_000 }, (_, n) => engineGuideline(`g${n}`));
  const relations = chain.map(({ id }, n) =>
    relation(`r${n}`, 'dependency', guidelineEnd(id), guidelineEnd(`g${n + 1}`)),
  );
  const resolved = run({ usable: chain, matches: chain.map(toMatch), journeys: [], relations });
  expect(resolved.matches).toEqual([]);
});

function check<Value>(arbitrary: fc.Arbitrary<Value>, law: (value: Value) => void): void {
  fc.assert(fc.property(arbitrary, law), { numRuns: 1_000 });
}

function run({ relations, ...world }: World): Resolved {
  return resolve({ ...world, relationships: indexRelationships(relations) });
}

function worlds({
  kinds = everyKind,
  priorities = [0, 0, 0, 1],
}: {
  readonly kinds?: readonly RelationshipKind[];
  readonly priorities?: readonly number[];
} = {}): fc.Arbitrary<World> {
  const priority = fc.constantFrom(...priorities);
  const guideline = (id: string) =>
    fc.record({
      guideline: fc
        .record({ priority, tags: fc.uniqueArray(tagId, { maxLength: 2 }), journeyNodeOf: maybe(journeyId) })
        .map((given) => engineGuideline(id, given)),
      // A guideline that is matched and not usable was made for one answer.
      place: fc.constantFrom('usable', 'usable', 'both', 'both', 'matched'),
      score: fc.constantFrom(10, 10, 5),
    });
  return fc
    .record({
      parts: fc.tuple(...names.map(guideline)),
      journeys: fc.tuple(
        ...['j1', 'j2'].map((id) => priority.map((given) => engineJourney(id, { priority: given }))),
      ),
      running: fc.subarray(['j1', 'j2']),
      relations: fc.array(relationBetween(fc.constantFrom(...kinds)), { maxLength: 8 }),
    })
    .map(({ parts, journeys, running, relations }) => ({
      usable: parts.flatMap((part) => (part.place === 'matched' ? [] : part.guideline)),
      matches: parts.flatMap((part) =>
        part.place === 'usable' ? [] : { guideline: part.guideline, score: part.score, rationale: '' },
      ),
      journeys: journeys.filter(({ id }) => running.includes(id)),
      relations: relations.map((each, n) => ({ ...each, id: `r${n}` })),
    }));
}

const journeyId = fc.constantFrom('j1', 'j2');
const tagId = fc.constantFrom('t1', 't2', 'journey:j1', 'journey:j2');
const end: fc.Arbitrary<RelationshipEnd> = fc.oneof(
  fc.constantFrom(...names).map(guidelineEnd),
  fc.record({ type: fc.constantFrom('tag_all', 'tag_any'), id: tagId }),
);

function relationBetween(kinds: fc.Arbitrary<RelationshipKind>): fc.Arbitrary<Omit<Relation, 'id'>> {
  return fc
    .record({ kind: kinds, source: end, target: end, group: fc.constantFrom('one', null) })
    .map(({ group, ...rest }) => ({ ...rest, groupId: rest.kind === 'dependency_any' ? group : null }));
}

function maybe<Value>(arbitrary: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> {
  return fc.option(arbitrary, { nil: undefined, freq: 2 });
}

function shuffled(world: World): fc.Arbitrary<{ readonly world: World; readonly other: World }> {
  return fc
    .record({
      usable: shuffle(world.usable),
      matches: shuffle(world.matches),
      journeys: shuffle(world.journeys),
      relations: shuffle(world.relations),
    })
    .map((other) => ({ world, other }));
}

function shuffle<Value>(values: readonly Value[]): fc.Arbitrary<readonly Value[]> {
  return fc.shuffledSubarray([...values], { minLength: values.length, maxLength: values.length });
}

/** Lists of entities are sets. */
function toComparable({ matches, journeys, ...rest }: Resolved): unknown {
  return { ...rest, matches: new Set(matches), journeys: new Set(journeys) };
}

function kindsOf({ resolutions }: Resolved, guidelineId: string): readonly string[] {
  return (resolutions.get(`guideline:${guidelineId}`) ?? []).map(({ kind }) => kind);
}

function isAgainst(kind: string): boolean {
  return kind !== 'none' && kind !== 'entailed';
}

function idsOf({ matches }: Resolved): readonly string[] {
  return matches.map(({ guideline }) => guideline.id);
}

function isBetween({ kind, source, target }: Relation, active: ReadonlySet<string>): boolean {
  return (
    kind === 'priority' && [source, target].every(({ type, id }) => type === 'guideline' && active.has(id))
  );
}

function toMatch(guideline: EngineGuideline): GuidelineMatch {
  return { guideline, score: 10, rationale: '' };
}

function relation(
  id: string,
  kind: RelationshipKind,
  source: RelationshipEnd,
  target: RelationshipEnd,
): Relation {
  return { id, kind, source, target, groupId: null };
}
