/** Disambiguation: an observation, and the guidelines one of which the customer may mean. A journey stands for all that begins it. */
import { InvalidDefinitionError } from '../errors.ts';
import { named, shown } from './check-options.ts';
import { demandHandles, type Draft } from './draft.ts';
import type { DefinedGuideline } from './guideline.ts';
import type { DefinedJourney } from './journey.ts';
import type { Source } from './relating.ts';
import { addRelationship } from './relationships.ts';

export type Ambiguous = DefinedGuideline | DefinedJourney;

/** Throws `InvalidDefinitionError`. */
export function disambiguate(draft: Draft, { source, what }: Source, given: readonly Ambiguous[]): void {
  if (!Array.isArray(given)) {
    throw new InvalidDefinitionError(what, `disambiguate() takes a list of targets, not ${shown(given)}`);
  }
  const kinds = ['guideline', 'journey'] as const;
  const targets = demandHandles<Ambiguous>(draft, given, { kinds, wanted: 'a guideline or a journey', what });
  if (new Set(targets).size < 2) {
    throw new InvalidDefinitionError(what, 'it can only be asked which of two or more is meant');
  }
  for (const guideline of targets.flatMap((target) => toGuidelines(target, what))) {
    const target = { type: 'guideline', id: guideline.id } as const;
    const fields = { kind: 'disambiguation', source, target, groupId: null } as const;
    addRelationship(draft, fields, { what, target: named('guideline', guideline.condition) });
  }
}

function toGuidelines(target: Ambiguous, what: string): readonly DefinedGuideline[] {
  if (target.kind === 'guideline') return [target];
  if (target.triggers.length === 0) {
    const journey = named('journey', target.title);
    throw new InvalidDefinitionError(what, `${journey} has no conditions, so that nobody can mean it`);
  }
  return target.triggers;
}
