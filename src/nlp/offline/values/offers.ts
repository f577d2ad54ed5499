/** What the agent offered to choose from: what a tool brought and the agent named, a list, or things with "or" between them. */
import type { Json } from '../../../event-log/event.ts';
import { rememberTexts } from '../../lexical/remember-texts.ts';
import { asksForAnswer } from '../reading/asking.ts';
import { agentBefore, type Talk, type Turn } from '../reading/talk.ts';
import { toSentences } from '../reading/message.ts';

/** In their order; fewer than two are nothing to choose from. */
export function offersBefore(talk: Talk, turn: Turn): readonly string[] {
  const asked = agentBefore(talk, turn);
  if (asked === undefined || !asksForAnswer(asked)) return [];
  const told = listedIn(asked.text);
  if (told.length > 1) return told;
  const brought = talk.calls
    .filter(({ at }) => at < turn.at)
    .toReversed()
    .map(({ data }) => itemsOf(data).filter((item) => asked.text.toLowerCase().includes(item.toLowerCase())));
  return brought.find((items) => items.length > 1) ?? [];
}

const itemLimit = 30;

/** The texts of a list of texts, or of things with a name. */
export function itemsOf(data: Json): readonly string[] {
  const items = Array.isArray(data) ? data : listWithin(data);
  return items.slice(0, itemLimit).flatMap((item: Json) => textOf(item) ?? []);
}

function listWithin(data: Json): readonly Json[] {
  if (typeof data !== 'object' || data === null) return [];
  const lists = Object.values(data).filter((value) => Array.isArray(value));
  return lists.length === 1 ? (lists[0] as readonly Json[]) : []; // an array, as found
}

function textOf(item: Json): string | undefined {
  if (typeof item === 'string') return item;
  if (typeof item === 'number') return String(item);
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return undefined;
  const named = ['name', 'title', 'label', 'text', 'description', 'id'].map(
    (name) => (item as Readonly<Record<string, Json>>)[name], // no array
  );
  return named.find((value) => typeof value === 'string');
}

/** Things listed in a text: on lines of their own, after a colon, or in "A, B or C?". */
export const listedIn = rememberTexts((text: string): readonly string[] => {
  const lines = text
    .split('\n')
    .flatMap((line) => /^\s*(?:[-*•]|\d{1,2}[.)])\s+(.+)$/.exec(line)?.[1]?.trim() ?? []);
  if (lines.length > 1) return lines;
  const quoted = [...text.matchAll(/“([^”]+)”/g)].flatMap(([, item]) => item ?? []);
  if (quoted.length > 1) return quoted;
  const sentences = toSentences(text).toReversed();
  const lists = sentences.map((sentence) => afterColon(sentence) ?? betweenOr(sentence));
  return lists.find((items) => items !== undefined && items.length > 1) ?? [];
});

function afterColon(sentence: string): readonly string[] | undefined {
  const rest = /(?<!\d):\s+(.+)$/s.exec(sentence)?.[1];
  return rest === undefined ? undefined : split(rest.replace(/[.!?]+$/, ''));
}

/** Words around "or"; before it up to where the thing begins. */
function betweenOr(sentence: string): readonly string[] | undefined {
  if (!/\?\s*$/.test(sentence) || !/\bor\b/i.test(sentence)) return undefined;
  const [first = '', ...others] = split(sentence.replace(/\?+\s*$/, ''));
  const begin = offering.exec(first) ?? before.exec(first);
  return [first.slice(begin?.[0].length ?? 0), ...others];
}

const offering =
  /^.*?\b(?:do you mean|would you like|do you want|would you prefer|do you prefer|looking for|choose|between|is it about)\s+(?:to\s+)?(?:have\s+)?/i;
const before = /^.*\b(?:need|for|about|be|have|is|it|in|on|at)\s+(?=\S)/i;

function split(text: string): readonly string[] {
  return text
    .split(/\s*[,;]\s*(?:and|or)?\s+|\s+(?:and|or)\s+/i)
    .map((item) =>
      item
        .replace(/^["“]|["”]$/g, '')
        .replace(/^(?:is|are|was) (?:it|they|this|that)\s+/i, '')
        .trim(),
    )
    .filter((item) => item !== '');
}
