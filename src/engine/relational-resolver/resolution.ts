/** What became of everything that took part in a resolution, and why. */
import type { Defeat } from './priority-search.ts';
import { toReason, type GuidelineById } from './reasons.ts';
import type { Round } from './round.ts';
import { journeyEntity, type EntityName, type Finding } from './situation.ts';

export type Resolution = {
  /** `none`: nothing was found against it. A journey that gave way to something is `none` too; its reason tells. */
  readonly kind: 'none' | Finding['kind'];
  /** What it is because of: winners, what is missing, what it follows from. */
  readonly counterparts: readonly EntityName[];
  /** The one that decided; priority by number needs none. */
  readonly relationshipId?: string;
  /** A sentence for people. */
  readonly reason: string;
};

/** At least one for each of `entities`, in that order. */
export function collectResolutions(
  rounds: readonly Round[],
  options: { readonly entities: readonly EntityName[]; readonly guidelineById: GuidelineById },
): ReadonlyMap<EntityName, readonly Resolution[]> {
  const findings = Map.groupBy(rounds.reduce(afterRound, []), ({ entity }) => entity);
  const ended = new Map(
    rounds.flatMap(({ ended }) => [...ended].map(([id, why]) => [journeyEntity(id), why])),
  );
  return new Map(
    options.entities.map((entity) => [
      entity,
      findings.get(entity)?.map((finding) => toResolution(finding, options.guidelineById)) ?? [
        toNone(ended.get(entity)),
      ],
    ]),
  );
}

/** Who is judged anew may have by now what was missing. */
function afterRound(known: readonly Finding[], { judged, findings }: Round): readonly Finding[] {
  return [...known.filter(stillHolds), ...findings];

  function stillHolds({ entity, kind }: Finding): boolean {
    const isOfDependency = kind === 'unmet_dependency_all' || kind === 'unmet_dependency_any';
    return !(isOfDependency && judged.has(entity));
  }
}

function toResolution(finding: Finding, guidelineById: GuidelineById): Resolution {
  const { kind, counterparts, relationshipId } = finding;
  const reason = toReason(finding, guidelineById);
  return { kind, counterparts, reason, ...(relationshipId !== undefined && { relationshipId }) };
}

function toNone(defeat: Defeat | undefined): Resolution {
  if (!defeat) return { kind: 'none', counterparts: [], reason: 'Nothing speaks against it.' };
  const { winner, relationshipId } = defeat;
  return { kind: 'none', counterparts: [winner], relationshipId, reason: `It gives way to ${winner}.` };
}
