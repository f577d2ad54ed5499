/** How a node gets into a journey: as a part of a transaction, with an id made of what it says unless one was chosen. */
import { freeContentId } from '../documents/content-id.ts';
import type { Documents } from '../documents/document-store.ts';
import type { Json } from '../event-log/event.ts';
import {
  journeyNodeCollection,
  type Journey,
  type JourneyNode,
  type JourneyNodeFields,
} from './collections/journey.ts';
import { linkTools } from './journey-tools.ts';

export type NewJourneyNode = Partial<Omit<JourneyNodeFields, 'journeyId'>> & {
  /** Default: made of the content. */
  readonly id?: string;
};

type Owner = Pick<Journey, 'id' | 'compositionMode'>;

const defaults = {
  action: null,
  description: null,
  tools: [],
  labels: [],
  metadata: {},
} as const satisfies Partial<JourneyNodeFields>;

/** A node that is given no composition mode takes its journey's. Throws `IdTakenError`. */
export async function insertNode(
  documents: Documents,
  journey: Owner,
  { id, ...given }: NewJourneyNode,
): Promise<JourneyNode> {
  const fields = normalise({
    ...defaults,
    ...given,
    compositionMode: given.compositionMode ?? journey.compositionMode,
    journeyId: journey.id,
  });
  const nodeId = id ?? (await newNodeId(documents, ['journey node', { ...fields }]));
  const node = await documents.insert(journeyNodeCollection, nodeId, fields);
  await linkTools(documents, nodeId, { before: [], after: node.tools });
  return node;
}

/** The node where the journey begins. */
export async function insertRoot(documents: Documents, journey: Owner): Promise<JourneyNode> {
  const id = await newNodeId(documents, ['journey root', journey.id]);
  return insertNode(documents, journey, { id });
}

/** Blank texts are none, and what is named twice is there once. */
export function normalise<Fields extends JourneyNodeFields>(fields: Fields): Fields {
  return {
    ...fields,
    action: toTextOrNull(fields.action),
    description: toTextOrNull(fields.description),
    tools: [...new Set(fields.tools)],
    labels: [...new Set(fields.labels)],
  };
}

/** Null for a text that says nothing. */
export function toTextOrNull(text: string | null): string | null {
  return text?.trim() ? text : null;
}

function newNodeId(documents: Documents, content: Json): Promise<string> {
  const isTaken = async (id: string) => (await documents.get(journeyNodeCollection, id)) !== undefined;
  return freeContentId(content, isTaken);
}
