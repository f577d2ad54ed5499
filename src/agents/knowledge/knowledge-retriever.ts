/**
 * A knowledge base as a retriever of the engine: passages for the customer's last message, in view of those before it. It knows the engine
 * by the shape of a turn only. Messages that were flagged are nothing to look up.
 */
import {
  messageTextOf,
  type JsonObject,
  type MessageData,
  type SessionEvent,
} from '../../event-log/event.ts';
import { asText, chooseSentences } from './extractive-answer.ts';
import { openKnowledgeBase, type KnowledgeBase, type Passage } from './knowledge-base.ts';
import { smallTalkIn } from './small-talk.ts';

export type KnowledgeRetrieverOptions = {
  /** Its `.md` files are read once, now. */
  readonly folder: string;
};

/** For `agent.attachRetriever(…)`. Undefined: nothing here answers the customer. */
export type KnowledgeRetriever = (turn: {
  /** Oldest first. */
  readonly events: readonly SessionEvent[];
}) => Promise<Found | undefined>;

type Found = {
  /** What the agent learns, best first. */
  readonly data: readonly RetrievedPassage[];
  /** Where it comes from: `sources`, in the same order. */
  readonly metadata: JsonObject;
};

export type RetrievedPassage = {
  /** The title of the document. */
  readonly source: string;
  /** The heading; the title itself where the text stands under no other. */
  readonly section: string;
  /** Sentences of the document, as they stand. */
  readonly text: string;
  /** What the document says of itself, if anything: for whoever quotes it. */
  readonly note?: string;
};

/** Rejects with `KnowledgeError`, naming the folder or the file. */
export async function createKnowledgeRetriever({
  folder,
}: KnowledgeRetrieverOptions): Promise<KnowledgeRetriever> {
  const knowledge = await openKnowledgeBase(folder);
  return async ({ events }) => {
    const said = events.filter(({ source, kind }) => source === 'customer' && kind === 'message');
    const last = said.at(-1);
    return last === undefined || isFlagged(last) ? undefined : look(knowledge, said.map(textOf));
  };
}

function look(knowledge: KnowledgeBase, texts: readonly string[]): Found | undefined {
  const [message = '', ...before] = texts.toReversed();
  if (smallTalkIn(message)) return undefined;
  const context = before.toReversed().filter((text) => text !== '' && !smallTalkIn(text));
  const passages = knowledge.search(message, { context });
  if (passages.length === 0) return undefined;
  return { data: passages.map(toRetrieved), metadata: { sources: passages.map(toSource) } };
}

/** Of the best as much as answers a question; of the others less. */
function toRetrieved(passage: Passage, at: number): RetrievedPassage {
  const { title: source, section, note } = passage;
  const text = asText(chooseSentences(passage, at === 0 ? 'main' : 'further'));
  return { source, section, text, ...(note !== '' && { note }) };
}

function toSource({ title, file, section, kind, score }: Passage): JsonObject {
  return { title, file, section, kind, score };
}

function textOf(event: SessionEvent): string {
  return isFlagged(event) ? '' : (messageTextOf(event) ?? '');
}

function isFlagged({ data }: SessionEvent): boolean {
  return (data as MessageData).flagged === true; // of a message
}
