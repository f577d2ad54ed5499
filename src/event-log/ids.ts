/** The two kinds of identifier Colloquy makes; their forms are Parlant's. */
import { randomUUID } from 'node:crypto';
import { customAlphabet } from 'nanoid';

/** Ten random characters of `[0-9A-Za-z]`: sessions, events. */
export const newId: () => string = customAlphabet(
  '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz',
  10,
);

/** 32 hexadecimal characters: one turn. */
export function newTraceId(): string {
  return randomUUID().replaceAll('-', '');
}
