/**
 * A definition while it is written: the documents so far, in order, and the handles that were given out for them. Handles are known by
 * themselves, so that what belongs to another server, or is no handle at all, is found out where it is used.
 */
import type { DefinedDocument, Definition } from '../definition/definition.ts';
import type { AnyCollection, Collection } from '../documents/collection.ts';
import { contentId } from '../documents/content-id.ts';
import { InvalidDefinitionError } from '../errors.ts';
import type { Json } from '../event-log/event.ts';
import { createAttachmentShelf, type AttachmentShelf } from './attachment-shelf.ts';
import { shown } from './check-options.ts';
import { createCircles, type Circles } from './circles.ts';
import type { JourneyGraph } from './journey-graph.ts';
import { createToolShelf, type ToolShelf } from './tool-shelf.ts';

export type Draft = {
  readonly tools: ToolShelf;
  readonly circles: Circles;
  /** Functions, by what they belong to. */
  readonly attachments: AttachmentShelf;
  /** Of journeys, by their ids. */
  readonly graphs: Map<string, JourneyGraph>;
  /** Throws `InvalidDefinitionError` where the id is another's, or nothing may be added any more. */
  add<Fields extends object>(collection: Collection<Fields>, document: NewDocument<Fields>): void;
  /** Of a document that is there. */
  change<Fields extends object>(
    collection: Collection<Fields>,
    id: string,
    change: (fields: Fields) => Fields,
  ): void;
  get<Fields extends object>(collection: Collection<Fields>, id: string): Fields | undefined;
  /** How many there were with this content before: equals are told apart by it. */
  countEqual(content: Json): number;
  /** Freezes it and remembers it. */
  handle<Handle extends object>(handle: Handle): Handle;
  /** Whether this server gave it out. */
  knows(handle: unknown): boolean;
  /** Throws `InvalidDefinitionError` where nothing may be added any more. */
  demandOpen(what: string): void;
  /** From now on nothing can be added. */
  close(): void;
  toDefinition(): Definition;
};

export type NewDocument<Fields> = {
  readonly id: string;
  readonly fields: Fields;
  /** The entity as its author knows it. */
  readonly what: string;
};

export function createDraft(source: string): Draft {
  const documents = new Map<string, DefinedDocument>();
  const equals = new Map<string, number>();
  const handles = new WeakSet<object>();
  const tools = createToolShelf();
  const attachments = createAttachmentShelf();
  let isClosed = false;

  function demandOpen(what: string): void {
    if (isClosed) throw new InvalidDefinitionError(what, 'the server has been started already');
  }

  return {
    tools,
    circles: createCircles(),
    attachments,
    graphs: new Map(),

    add(collection, { id, fields, what }) {
      demandOpen(what);
      const other = documents.get(keyOf(collection, id));
      if (other) throw new InvalidDefinitionError(what, takenBy(other, what));
      documents.set(keyOf(collection, id), { collection, id, fields, what });
    },

    change(collection, id, change) {
      const document = documents.get(keyOf(collection, id));
      if (!document) throw new Error(`There is no ${collection.noun} "${id}" in the draft.`);
      demandOpen(document.what);
      const fields = change(document.fields as Parameters<typeof change>[0]); // of that collection
      documents.set(keyOf(collection, id), { ...document, fields });
    },

    get: <Fields extends object>(collection: Collection<Fields>, id: string) =>
      documents.get(keyOf(collection, id))?.fields as Fields | undefined, // of that collection

    countEqual(content) {
      const id = contentId(content);
      const count = equals.get(id) ?? 0;
      equals.set(id, count + 1);
      return count;
    },

    handle(handle) {
      handles.add(handle);
      return Object.freeze(handle);
    },

    knows: (handle) => typeof handle === 'object' && handle !== null && handles.has(handle),

    demandOpen,

    close() {
      isClosed = true;
    },

    toDefinition: () => ({
      source,
      documents: [...documents.values()],
      tools: tools.list(),
      attachments: attachments.list(),
    }),
  };
}

/** An id made of what an entity is: the same for the same program. */
export function definedId(noun: string, ...content: readonly Json[]): string {
  return contentId(['defined', noun, ...content]);
}

/** Throws `InvalidDefinitionError` for what this server did not give out. `wanted`: what it should be, with its article. */
export function demandHandles<Handle extends { readonly kind: string }>(
  draft: Draft,
  given: readonly unknown[],
  {
    kinds,
    wanted,
    what,
  }: { readonly kinds: readonly Handle['kind'][]; readonly wanted: string; readonly what: string },
): readonly Handle[] {
  for (const each of given) {
    const isKnown = draft.knows(each) && kinds.includes((each as Handle).kind); // handles all have one
    if (!isKnown) throw new InvalidDefinitionError(what, `${shown(each)} is not ${wanted} of this server`);
  }
  return given as readonly Handle[]; // just checked
}

function takenBy({ id, what: other }: DefinedDocument, what: string): string {
  return other === what
    ? 'it is there already (with an id of its own it would be another)'
    : `${other} has its id, "${id}"`;
}

function keyOf({ name }: AnyCollection, id: string): string {
  return `${name} ${id}`;
}
