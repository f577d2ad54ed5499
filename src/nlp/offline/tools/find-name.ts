/** Names of places, things and people: behind "from" and "to", or the only name there is. */
import { sensesOf } from '../../lexical/senses.ts';
import { toWords } from '../../lexical/words.ts';
import { valueIn } from '../values/find-value.ts';
import { nameIn, properNamesIn } from '../values/patterns.ts';
import type { Finding } from './finding.ts';
import type { Wanted } from './parameter.ts';
import type { Said } from './sources.ts';

const leading: readonly (readonly [RegExp, RegExp])[] = [
  [/\b(?:from|origin|source|start|starting|begin)\b/i, /\bfrom\s+/gi],
  [/\b(?:country|city|town|place|location|region|where)\b/i, /\b(?:in|to|at|around|near)\s+/gi],
  [/\b(?:to|target|goal|end|ending|recipient|receiver|toward|where)\b/i, /\b(?:to|for|towards?)\s+/gi],
];

function isTime(name: string): boolean {
  return valueIn('date', name, 0) !== undefined || valueIn('time', name, 0) !== undefined;
}

/** With capitals, or one word that is neither everyday nor one of the agent's own: "to order a chair" names no place. */
function nameAt(text: string, at: number, isKnown: Finding['isKnown']): string | undefined {
  const rest = text.slice(at);
  const name = /^\p{Lu}[\p{L}'’-]*(?: \p{Lu}[\p{L}'’-]*)*/u.exec(rest)?.[0];
  if (name !== undefined) return name;
  const [word] = toWords(/^\p{L}{3,}/u.exec(rest)?.[0] ?? '');
  const isName = word?.kind === 'content' && sensesOf(word).length === 0 && !isKnown(word.stem);
  return isName ? word.text : undefined;
}

/** "from Rome to Oslo": the parameter's words tell which of them. */
export function afterDirection(
  { described }: Wanted,
  { text }: Said,
  { isKnown }: Finding,
): string | undefined {
  for (const [form, before] of leading) {
    if (!form.test(described)) continue;
    const ends = [...text.matchAll(before)].map((match) => match.index + match[0].length);
    const names = ends.flatMap((end) => nameAt(text, end, isKnown) ?? []);
    const named = names.filter((name) => !isTime(name));
    // "going to walk to Oslo": written large it is sure, else what stands behind the last of them.
    const best = named.find((name) => /^\p{Lu}/u.test(name)) ?? named.at(-1);
    if (best) return best;
  }
  return undefined;
}

/** One name stands in it, and nothing else is wanted that could be it. */
export function onlyName(
  { isRequired, kind }: Wanted,
  { text, isOwn }: Said,
  { rivals, used }: Finding,
): string | undefined {
  const isNamed = kind === undefined || kind === 'place' || kind === 'name';
  if (!isRequired || !isOwn || !isNamed || rivals.some((rival) => rival.isRequired)) return undefined;
  const [name, ...others] = properNamesIn(text).filter(({ value }) => !used.has(value));
  return others.length === 0 && name && nameIn(text)?.value !== name.value ? name.value : undefined;
}
