/** Ids made of what they name, in Parlant's form: ten characters of `[0-9A-Za-z]`. The same content always has the same id. */
import { createHash } from 'node:crypto';
import { newId } from '../event-log/ids.ts';
import type { Json } from '../event-log/event.ts';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const length = 10;
/** So many equals are numbered; those after them get ids by chance. */
const numberedEquals = 20;

export function contentId(content: Json): string {
  let rest = BigInt(`0x${createHash('sha256').update(JSON.stringify(content)).digest('hex')}`);
  let id = '';
  while (id.length < length) {
    id += alphabet[Number(rest % 62n)];
    rest /= 62n;
  }
  return id;
}

/** The content's id, or, where equal content has it already, that of the content and a number. */
export async function freeContentId(
  content: Json,
  isTaken: (id: string) => Promise<boolean>,
): Promise<string> {
  for (let equals = 0; equals < numberedEquals; equals += 1) {
    const id = contentId(equals === 0 ? content : [content, equals]);
    if (!(await isTaken(id))) return id;
  }
  return newId();
}
