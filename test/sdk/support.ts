/** What a program has written, as it will be stored. */
import type { Definition } from '../../src/definition/definition.ts';
import type { Collection } from '../../src/documents/collection.ts';
import { createServer, type DefinedServer } from '../../src/sdk/server.ts';

export type Defined<Fields> = Fields & { readonly id: string };

/** Of one collection, in the order it was written. */
export function definedIn<Fields extends object>(
  definition: Definition,
  { name }: Collection<Fields>,
): readonly Defined<Fields>[] {
  return definition.documents
    .filter(({ collection }) => collection.name === name)
    .map(({ id, fields }) => ({ ...(fields as Fields), id })); // of that collection
}

/** A server with one agent, and what was defined so far. */
export function startWriting() {
  const server: DefinedServer = createServer();
  const agent = server.createAgent({ id: 'clinic', name: 'Clinic' });
  return {
    server,
    agent,
    defined: <Fields extends object>(collection: Collection<Fields>) =>
      definedIn(server.define(), collection),
  };
}
