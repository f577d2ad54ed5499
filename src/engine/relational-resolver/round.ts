/**
 * One round: dependencies, priorities, priority by number, entailments. What failed a dependency gets another chance in the next one,
 * because what it needs may follow from something; what lost to a priority has lost for good.
 */
import { applyDependencies } from './dependencies.ts';
import { findEntailed, type Entailed } from './entailment.ts';
import { applyNumericPriority } from './numeric-priority.ts';
import { applyPriorities, type AfterPriorities } from './priorities.ts';
import {
  guidelineEntity,
  type Active,
  type EntityName,
  type Finding,
  type Journeys,
  type Situation,
} from './situation.ts';

export type Standing = {
  /** Matched or entailed, ever. */
  readonly candidates: Active;
  /** Lost to a priority, ever. */
  readonly outranked: ReadonlySet<string>;
  /** Entailed, ever: priority by number is not for these. */
  readonly entailed: ReadonlySet<string>;
  /** What the last round left. */
  readonly active: Active;
  readonly journeys: Journeys;
};

/** What holds in every round. */
export type Rules = Pick<Situation, 'relationships' | 'members' | 'needsOf'>;

export type Round = {
  readonly standing: Standing;
  /** It has changed nothing: the same guidelines with the same scores, the same journeys. */
  readonly isSettled: boolean;
  /** Guidelines that were judged anew: what was found about their dependencies before holds no longer. */
  readonly judged: ReadonlySet<EntityName>;
  readonly findings: readonly Finding[];
  readonly ended: AfterPriorities['ended'];
};

export function playRound(before: Standing, rules: Rules): Round {
  const seeded = without(before.candidates, before.outranked);
  const supported = applyDependencies({ ...rules, active: seeded, journeys: before.journeys });
  const preferred = applyPriorities({ ...rules, active: supported.active, journeys: before.journeys });
  const ranked = rankExcept(before.entailed, preferred);
  const lost = [...supported.active.keys()].filter((id) => !ranked.active.has(id));
  const outranked = new Set([...before.outranked, ...lost]);
  const found = [...findEntailed({ ...rules, ...ranked })].filter(
    ([id]) => !outranked.has(id) && !before.entailed.has(id),
  );
  const standing = withEntailed({ ...before, ...ranked, outranked }, found);
  const steps = [supported, preferred, ranked, ...found.map(([, each]) => each)];
  return {
    standing,
    isSettled: isSame(standing, before),
    judged: new Set([...seeded.keys()].map(guidelineEntity)),
    findings: steps.flatMap(({ findings }) => findings),
    ended: preferred.ended,
  };
}

/** Guidelines that were entailed neither lose by their number nor make others lose. */
function rankExcept(
  entailed: ReadonlySet<string>,
  { active, journeys }: Pick<Standing, 'active' | 'journeys'>,
): ReturnType<typeof applyNumericPriority> {
  const ranked = applyNumericPriority(without(active, entailed), journeys);
  const staying = [...active].filter(([id]) => entailed.has(id) || ranked.active.has(id));
  return { ...ranked, active: new Map(staying) };
}

function withEntailed(standing: Standing, found: readonly (readonly [string, Entailed])[]): Standing {
  const { candidates, entailed, active, outranked, journeys } = standing;
  // What was matched before and now follows as well keeps its way through its journey.
  const matches = found.map(([id, { match }]) => [id, { ...candidates.get(id), ...match }] as const);
  return {
    candidates: new Map([...candidates, ...matches]),
    entailed: new Set([...entailed, ...found.map(([id]) => id)]),
    active: new Map([...active, ...matches]),
    outranked,
    journeys,
  };
}

function isSame(a: Standing, b: Standing): boolean {
  return (
    a.active.size === b.active.size &&
    a.journeys.size === b.journeys.size &&
    [...a.active].every(([id, { score }]) => b.active.get(id)?.score === score) &&
    [...a.journeys.keys()].every((id) => b.journeys.has(id))
  );
}

function without(matches: Active, ids: ReadonlySet<string>): Active {
  return new Map([...matches].filter(([id]) => !ids.has(id)));
}
