/**
 * Which tools a model is asked about together: those that might serve the same end, as `overlap` relationships say. Between two calls
 * that overlap one must be chosen; all others are decided on their own.
 */
import type { RelationshipEnd } from '../../entities/collections/relationship.ts';
import type { Tool, ToolId } from '../../tools/tool.ts';
import type { RelationshipIndex } from '../relational-resolver/relationship-index.ts';

export type Overlap = { readonly toolId: ToolId; readonly overlap: Tool['overlap'] };

export type ToolBatch = {
  readonly kind: 'single' | 'overlapping';
  /** One, or several. */
  readonly toolIds: readonly ToolId[];
};

export type ToolBatches = {
  readonly batches: readonly ToolBatch[];
  /** Tools that overlap with another by a relationship, and by their own word with none: the relationship is not heard. */
  readonly unheard: readonly ToolId[];
};

/** In the order of the candidates. One that always overlaps has its own batch, and is in that of its neighbours, too. */
export function toToolBatches(
  candidates: readonly Overlap[],
  relationships: Pick<RelationshipIndex, 'from' | 'to'>,
): ToolBatches {
  const known = new Map(candidates.map(({ toolId, overlap }) => [toolId, overlap]));
  const grouped = new Set<ToolId>();
  const unheard = new Set<ToolId>();
  const batches = candidates.flatMap(({ toolId, overlap }): readonly ToolBatch[] => {
    if (overlap !== 'auto') return [{ kind: 'single', toolIds: [toolId] }];
    if (grouped.has(toolId)) return [];
    const group = reach(toolId, (from) =>
      neighboursOf(from, relationships).filter((neighbour) => {
        if (known.get(neighbour) === 'none') unheard.add(neighbour);
        return known.has(neighbour) && !unheard.has(neighbour) && !grouped.has(neighbour);
      }),
    );
    for (const member of group) grouped.add(member);
    return [{ kind: group.size > 1 ? 'overlapping' : 'single', toolIds: [...group] }];
  });
  return { batches, unheard: [...unheard] };
}

/** Breadth first. */
function reach(start: ToolId, next: (from: ToolId) => readonly ToolId[]): ReadonlySet<ToolId> {
  const reached = new Set([start]);
  for (const toolId of reached) {
    for (const neighbour of next(toolId)) reached.add(neighbour);
  }
  return reached;
}

/** In either direction. */
function neighboursOf(
  toolId: ToolId,
  { from, to }: Pick<RelationshipIndex, 'from' | 'to'>,
): readonly ToolId[] {
  const end: RelationshipEnd = { type: 'tool', id: toolId };
  return [
    ...from('overlap', end).map(({ target }) => target),
    ...to('overlap', end).map(({ source }) => source),
  ].flatMap(({ type, id }) => (type === 'tool' ? [id] : []));
}
