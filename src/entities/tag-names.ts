/** What tags are called: a stored one by its name, one that stands for something by the name of that. */
import type { AgentDirectory } from '../agents/agent-runner.ts';
import type { Collection } from '../documents/collection.ts';
import type { DocumentReader, Stored } from '../documents/document-store.ts';
import { agentCollection, agentTag } from './collections/agent.ts';
import {
  journeyCollection,
  journeyNodeCollection,
  journeyNodeTag,
  journeyTag,
} from './collections/journey.ts';
import { tagCollection } from './collections/tag.ts';

/** Names by id. An id that is missing names nothing that exists. */
export type TagNames = (
  documents: DocumentReader,
  tagIds: readonly string[],
) => Promise<ReadonlyMap<string, string>>;

/** Of stored tags, agents, journeys and journeys' nodes: what relationships can be about. */
export function createTagNames({
  configured,
}: {
  readonly configured: Pick<AgentDirectory, 'get'>;
}): TagNames {
  const readers: readonly (readonly [prefix: string, NamesOf])[] = [
    [agentTag(''), agentNames],
    [journeyTag(''), namesIn(journeyCollection, ({ title }) => title)],
    // A fork has nothing to say.
    [journeyNodeTag(''), namesIn(journeyNodeCollection, ({ action, id }) => action ?? id)],
    ['', namesIn(tagCollection, ({ name }) => name)],
  ];

  async function agentNames(documents: DocumentReader, ids: readonly string[]) {
    const stored = await namesIn(agentCollection, ({ name }) => name)(documents, ids);
    const own = ids.map((id) => [id, configured.get(id)?.name ?? stored.get(id)] as const);
    return new Map(own.filter((entry): entry is [string, string] => entry[1] !== undefined));
  }

  return async (documents, tagIds) => {
    const prefixOf = (tagId: string) => readers.find(([prefix]) => tagId.startsWith(prefix))?.[0] ?? '';
    const byPrefix = Map.groupBy(new Set(tagIds), prefixOf);
    const names = new Map<string, string>();
    for (const [prefix, read] of readers) {
      const ids = (byPrefix.get(prefix) ?? []).map((tagId) => tagId.slice(prefix.length));
      if (ids.length === 0) continue;
      for (const [id, name] of await read(documents, ids)) names.set(prefix + id, name);
    }
    return names;
  };
}

type NamesOf = (documents: DocumentReader, ids: readonly string[]) => Promise<ReadonlyMap<string, string>>;

function namesIn<Fields extends object>(
  collection: Collection<Fields>,
  nameOf: (document: Stored<Fields>) => string,
): NamesOf {
  return async (documents, ids) => {
    const { items } = await documents.find(collection, { where: { field: 'id', isIn: ids } });
    return new Map(items.map((document) => [document.id, nameOf(document)]));
  };
}
