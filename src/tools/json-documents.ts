/**
 * JSON objects out of a stream of text, one after the other, with or without anything but blanks between them. Where one ends is seen
 * from its braces: how the network cut the text means nothing.
 */
import type { JsonObject } from '../event-log/event.ts';
import { ServiceFault } from './service-fault.ts';

/** The text holds something else than objects, or one that is too long. */
export class UnreadableFault extends ServiceFault {}

export type JsonDocuments = {
  /** The objects that this piece completes. Throws `UnreadableFault`. */
  push(piece: string): readonly JsonObject[];
  /** Throws `UnreadableFault` where the text ends in the middle of an object. */
  end(): void;
};

/** `maxChars`: of one object. */
export function createJsonDocuments({ maxChars }: { readonly maxChars: number }): JsonDocuments {
  /** What was not yet given out, from the first brace of an object on. */
  let held = '';
  let depth = 0;
  let inText = false;
  let afterBackslash = false;

  function push(piece: string): readonly JsonObject[] {
    const documents: JsonObject[] = [];
    let from = 0;
    for (let at = 0; at < piece.length; at += 1) {
      const character = piece[at]!; // `at` is within the piece
      if (depth === 0) {
        if (character === '{') from = at;
        else if (isBlank(character)) continue;
        else throw new UnreadableFault('its answer is no JSON object');
      }
      step(character);
      if (held.length + at + 1 - from > maxChars)
        throw new UnreadableFault(`its answer has an object of more than ${maxChars} characters`);
      if (depth > 0) continue;
      documents.push(parse(held + piece.slice(from, at + 1)));
      held = '';
    }
    if (depth > 0) held += piece.slice(from);
    return documents;
  }

  function step(character: string): void {
    if (afterBackslash) afterBackslash = false;
    else if (inText) {
      if (character === '"') inText = false;
      else if (character === '\\') afterBackslash = true;
    } else if (character === '"') inText = true;
    else if (character === '{') depth += 1;
    else if (character === '}') depth -= 1;
  }

  return {
    push,
    end() {
      if (depth > 0) throw new UnreadableFault('its answer ends in the middle');
    },
  };
}

function parse(text: string): JsonObject {
  try {
    return JSON.parse(text) as JsonObject; // it begins with a brace
  } catch {
    throw new UnreadableFault('its answer is no JSON');
  }
}

function isBlank(character: string): boolean {
  return character === '\n' || character === ' ' || character === '\r' || character === '\t';
}
