/**
 * Relationships as people read them: with what is at their ends. Everything that many of them name is looked up once. A tool whose
 * server does not answer in time is named and not described.
 */
import { setTimeout } from 'node:timers/promises';
import type { DocumentReader } from '../documents/document-store.ts';
import type { ToolDirectory } from '../tools/tool-service.ts';
import { parseToolId, toToolId, type Tool, type ToolId } from '../tools/tool.ts';
import { guidelineCollection, type Guideline } from './collections/guideline.ts';
import type { Relationship, RelationshipEnd } from './collections/relationship.ts';
import type { TagNames } from './tag-names.ts';

export type ShownEnd =
  | { readonly type: 'guideline'; readonly guideline: Guideline }
  | { readonly type: 'tag_all' | 'tag_any'; readonly tag: { readonly id: string; readonly name: string } }
  /** `tool` is undefined where it is gone, or its server could not be asked. */
  | { readonly type: 'tool'; readonly toolId: ToolId; readonly tool: Tool | undefined };

export type ShownRelationship = Pick<Relationship, 'id' | 'kind' | 'groupId'> & {
  readonly source: ShownEnd;
  readonly target: ShownEnd;
};

/** In their order, without those of which an end was deleted meanwhile. */
export type ShowRelationships = (
  relationships: readonly Relationship[],
) => Promise<readonly ShownRelationship[]>;

export type ShowRelationshipsOptions = {
  readonly documents: DocumentReader;
  readonly tagNames: TagNames;
  readonly tools: Pick<ToolDirectory, 'service'>;
  /** How long a server is waited for, ms; default 3,000. */
  readonly toolsWithinMs?: number;
};

export function createShowRelationships(options: ShowRelationshipsOptions): ShowRelationships {
  const { documents, tagNames, tools, toolsWithinMs = 3_000 } = options;
  return async (relationships) => {
    const idsOf = Map.groupBy(
      relationships.flatMap(({ source, target }) => [source, target]),
      ({ type }) => type,
    );
    const ids = (type: RelationshipEnd['type']) => [...new Set(idsOf.get(type)?.map(({ id }) => id))];
    const [guidelines, names, described] = await Promise.all([
      readGuidelines(documents, ids('guideline')),
      tagNames(documents, [...ids('tag_all'), ...ids('tag_any')]),
      readTools(tools, ids('tool'), toolsWithinMs),
    ]);
    return relationships.flatMap(({ id, kind, groupId, source, target }) => {
      const ends = [source, target].map((end) => toShown(end, { guidelines, names, described }));
      const [from, to] = ends;
      return from && to ? [{ id, kind, groupId, source: from, target: to }] : [];
    });
  };
}

type LookedUp = {
  readonly guidelines: ReadonlyMap<string, Guideline>;
  readonly names: ReadonlyMap<string, string>;
  readonly described: ReadonlyMap<ToolId, Tool>;
};

function toShown({ type, id }: RelationshipEnd, lookedUp: LookedUp): ShownEnd | undefined {
  if (type === 'tool') return { type, toolId: id, tool: lookedUp.described.get(id) };
  if (type === 'guideline') {
    const guideline = lookedUp.guidelines.get(id);
    return guideline && { type, guideline };
  }
  const name = lookedUp.names.get(id);
  return name === undefined ? undefined : { type, tag: { id, name } };
}

async function readGuidelines(documents: DocumentReader, ids: readonly string[]) {
  if (ids.length === 0) return new Map<string, Guideline>();
  const { items } = await documents.find(guidelineCollection, { where: { field: 'id', isIn: ids } });
  return new Map(items.map((guideline) => [guideline.id, guideline]));
}

async function readTools(
  tools: Pick<ToolDirectory, 'service'>,
  toolIds: readonly ToolId[],
  withinMs: number,
): Promise<ReadonlyMap<ToolId, Tool>> {
  const services = new Set(toolIds.map((toolId) => parseToolId(toolId).serviceName));
  const read = await Promise.all(
    [...services].map(async (serviceName) => {
      const listed = await inTime(tools.service(serviceName)?.list(), withinMs);
      return listed.map((tool) => [toToolId(serviceName, tool.name), tool] as const);
    }),
  );
  return new Map(read.flat());
}

/** Nothing from who cannot say in time. */
async function inTime(listed: Promise<readonly Tool[]> | undefined, ms: number): Promise<readonly Tool[]> {
  const over = new AbortController();
  const late = setTimeout(ms, [], { signal: over.signal, ref: false }).catch(() => []);
  try {
    return await Promise.race([listed ?? [], late]);
  } catch {
    return [];
  } finally {
    over.abort();
  }
}
