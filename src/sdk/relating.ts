/** What guidelines, journeys and tags have in common: how one follows from, or gives way to, another. */
import type { RelationshipEnd, RelationshipKind } from '../entities/collections/relationship.ts';
import { journeyTag } from '../entities/collections/journey.ts';
import { InvalidDefinitionError } from '../errors.ts';
import { named, shown } from './check-options.ts';
import { definedId, type Draft } from './draft.ts';
import type { DefinedGuideline } from './guideline.ts';
import type { DefinedJourney } from './journey.ts';
import { addRelationship } from './relationships.ts';
import type { DefinedTag, TagGroup } from './tag.ts';
import type { ToolReference } from './tool-shelf.ts';

/** A tag stands for all that carries it. */
export type Relatable = DefinedGuideline | DefinedJourney | DefinedTag | TagGroup;

/** Every method throws `InvalidDefinitionError`: nothing given, a target of another server, one that is itself, a circle. */
export type Relating = {
  /** Where both are active, only this stays. */
  prioritizeOver(...targets: readonly Relatable[]): void;
  /** This is active only while all the targets are. */
  dependOn(...targets: readonly Relatable[]): void;
  /** This is active only while one of the targets is, at least. Several calls are several such conditions. */
  dependOnAny(...targets: readonly Relatable[]): void;
};

export type Reevaluating = {
  /** This is considered again when one of these tools was run. `InvalidDefinitionError`. */
  reevaluateAfter(...tools: readonly ToolReference[]): void;
};

export type Source = { readonly what: string; readonly source: RelationshipEnd };

export function createRelating(draft: Draft, { what, source }: Source): Relating {
  function relate(kind: RelationshipKind, targets: readonly NamedEnd[], groupId: string | null = null): void {
    for (const { end: target, name } of targets) {
      addRelationship(draft, { kind, source, target, groupId }, { what, target: name });
    }
  }

  const ends = (targets: readonly unknown[]) =>
    demandSome(targets, what).map((target) => toNamedEnd(draft, target, what));

  return {
    prioritizeOver: (...targets) => relate('priority', ends(targets)),
    dependOn: (...targets) => relate('dependency', ends(targets)),
    dependOnAny(...targets) {
      const group = ends(targets);
      const content = group.map(({ end: { type, id } }) => [type, id]);
      relate('dependency_any', group, definedId('group', source.id, ...content));
    },
  };
}

export function createReevaluating(draft: Draft, { what, source }: Source): Reevaluating {
  return {
    reevaluateAfter(...tools) {
      const ids = demandSome(tools, what).map((tool) => draft.tools.use(tool, what));
      for (const id of ids) {
        const fields = { kind: 'reevaluation', source, target: { type: 'tool', id }, groupId: null } as const;
        addRelationship(draft, fields, { what, target: named('tool', id) });
      }
    },
  };
}

function demandSome<Target>(targets: readonly Target[], what: string): readonly Target[] {
  if (targets.length > 0) return targets;
  throw new InvalidDefinitionError(what, 'it was to be related to something, and nothing was given');
}

/** One end, as storage and as its author know it. */
type NamedEnd = { readonly end: RelationshipEnd; readonly name: string };

function toNamedEnd(draft: Draft, target: unknown, what: string): NamedEnd {
  const group = asGroup(target);
  const one = (group ? group.tag : target) as Relatable; // looked at before it is believed
  if (draft.knows(one)) {
    if (one.kind === 'guideline') {
      return { end: { type: 'guideline', id: one.id }, name: named('guideline', one.condition) };
    }
    if (one.kind === 'journey') {
      return { end: { type: 'tag_all', id: journeyTag(one.id) }, name: named('journey', one.title) };
    }
    if (one.kind === 'tag') {
      return { end: { type: group?.type ?? 'tag_all', id: one.id }, name: named('tag', one.name) };
    }
  }
  throw new InvalidDefinitionError(
    what,
    `${shown(target)} is not a guideline, a journey or a tag of this server`,
  );
}

function asGroup(target: unknown): TagGroup | undefined {
  const isGroup =
    typeof target === 'object' && target !== null && 'kind' in target && target.kind === 'tagGroup';
  return isGroup ? (target as TagGroup) : undefined; // made by `anyOf` or `allOf`; its tag is looked at later
}
