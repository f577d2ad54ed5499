/** The two kinds of identifier Colloquy makes; their forms are Parlant's. */
import { randomUUID } from 'node:crypto';
import { customAlphabet } from 'nanoid';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Ten random characters of `[0-9A-Za-z]`: sessions, events. */
export const newId: () => string = customAlphabet(alphabet, 10);

const newPrefix = customAlphabet(alphabet, 5);

/**
 * The same form for an event whose offset is known: five random characters, then the offset. An event with such an id is found by its
 * offset, so that its id needs no place in an index (which would be half of what storing it costs).
 */
export function newEventId(offset: number): string {
  let rest = offset;
  let digits = '';
  for (let place = 0; place < 5; place++) {
    digits = `${alphabet[rest % alphabet.length]}${digits}`;
    rest = Math.floor(rest / alphabet.length);
  }
  return `${newPrefix()}${digits}`;
}

/** The offset in an id that `newEventId` may have made. */
export function offsetIn(eventId: string): number | undefined {
  if (eventId.length !== 10) return undefined;
  let offset = 0;
  for (const digit of eventId.slice(5)) {
    const value = alphabet.indexOf(digit);
    if (value < 0) return undefined;
    offset = offset * alphabet.length + value;
  }
  return offset;
}

/** 32 hexadecimal characters: one turn. */
export function newTraceId(): string {
  return randomUUID().replaceAll('-', '');
}
