/** Retrievers: functions that bring what an answer needs to know, at once or when everything else is known. */
import { z } from 'zod';
import type { Retrieved } from '../engine/extensions.ts';
import type { TurnContext } from '../engine/turn-context.ts';
import { InvalidDefinitionError } from '../errors.ts';
import type { AttachmentOwner } from './attachment-shelf.ts';
import { checkOptions, shown } from './check-options.ts';
import type { Draft } from './draft.ts';
import { chosenId } from './options.ts';

/**
 * An agent's begins with the turn, while guidelines are looked at; that of a guideline, a journey or a state is called where it applies.
 * Undefined: it has found nothing. What it throws, the turn fails with.
 */
export type Retriever = (turn: TurnContext) => Found | LastRetrieval | Promise<Found | LastRetrieval>;

/** Called when it is known what applies and what tools have found. */
export type LastRetrieval = (turn: TurnContext) => Found | Promise<Found>;

type Found = Retrieved | null;

export type HasRetrievers = {
  /** `id`: what models know it by; default `retriever-1`, `retriever-2` … `InvalidDefinitionError`. */
  attachRetriever(retriever: Retriever, id?: string): void;
};

/** `what`: the owner, as its author knows it. */
export function createHasRetrievers(draft: Draft, owner: AttachmentOwner, what: string): HasRetrievers {
  return {
    attachRetriever(retriever, given) {
      if (typeof retriever !== 'function') {
        throw new InvalidDefinitionError(what, `its retriever must be a function, not ${shown(retriever)}`);
      }
      draft.demandOpen(what);
      const id = given === undefined ? nextId(draft) : checkId(draft, given, what);
      draft.attachments.addRetriever(owner, { id, retrieve: toRetrieve(retriever) });
    },
  };
}

function checkId(draft: Draft, id: string, what: string): string {
  checkOptions(what, z.strictObject({ retriever: chosenId }), { retriever: id });
  if (!draft.attachments.retrieverIds().includes(id)) return id;
  throw new InvalidDefinitionError(what, `there is a retriever ${shown(id)} already`);
}

function nextId({ attachments }: Draft): string {
  const taken = attachments.retrieverIds();
  let n = taken.length + 1;
  while (taken.includes(`retriever-${n}`)) n += 1;
  return `retriever-${n}`;
}

function toRetrieve(retriever: Retriever) {
  return async (turn: TurnContext) => {
    const found = await retriever(turn);
    if (typeof found === 'function') return async (later: TurnContext) => (await found(later)) ?? undefined;
    return found ?? undefined;
  };
}
