/**
 * Where an answer comes from. Retrievers and tools may say of what they found where it stands (`metadata.sources`); which of it an answer
 * draws on is seen from the words that both have and the customer has not said, so that it holds for every model, and for none.
 */
import { type Json, type JsonObject, messageTextOf } from '../../event-log/event.ts';
import { toWords } from '../../nlp/lexical/words.ts';
import { isObject } from '../../tools/json.ts';
import type { TurnContext } from '../turn-context.ts';

type Turn = Pick<TurnContext, 'staged' | 'events'>;

/** The metadata of a message with this text: with `sources`, unless it has them already or the text draws on nothing. */
export function withSources(turn: Turn, text: string, metadata: JsonObject = {}): JsonObject {
  if ('sources' in metadata) return metadata;
  const sources = sourcesOf(turn, text);
  return sources.length === 0 ? metadata : { ...metadata, sources };
}

/** Each once, in the order they were found in. */
function sourcesOf({ staged, events }: Turn, text: string): readonly Json[] {
  const found = staged.flatMap(({ result }) => passagesIn(result));
  if (found.length === 0) return [];
  const asked = stemsIn(lastSaid(events));
  const drawnOn = new Set(sentencesIn(text).flatMap((sentence) => bestFor(sentence, found, asked)));
  return found.filter((passage) => drawnOn.has(passage)).map(({ source }) => source);
}

type Passage = { readonly source: Json; readonly stems: ReadonlySet<string> };

/** A list of as many things as there are sources has one for each; else all of it comes from all of them. */
function passagesIn({ data, metadata }: TurnContext['staged'][number]['result']): readonly Passage[] {
  const { sources } = metadata;
  if (!isList(sources)) return [];
  const isOneForEach = isList(data) && data.length === sources.length;
  const ofAll = isOneForEach ? undefined : stemsIn(textIn(data));
  return sources.map((source, at) => {
    const stems = ofAll ?? stemsIn(textIn((data as readonly Json[])[at] ?? null)); // there is one for each
    return { source, stems };
  });
}

/** A sentence that says less may stand in any text. */
const enoughWords = 3;
const enoughShared = 2 / 3;

/** Of what a sentence says besides the customer's own words, most stands there, and nowhere more of it. */
function bestFor(
  sentence: string,
  found: readonly Passage[],
  asked: ReadonlySet<string>,
): readonly Passage[] {
  const said = [...stemsIn(sentence)].filter((stem) => !asked.has(stem));
  if (said.length < enoughWords) return [];
  const shared = found.map(({ stems }) => said.filter((stem) => stems.has(stem)).length);
  const most = Math.max(...shared);
  return most < said.length * enoughShared ? [] : found.filter((_, at) => shared[at] === most);
}

/** Of words that tell what a text is about. */
function stemsIn(text: string): ReadonlySet<string> {
  return new Set(toWords(text).flatMap(({ kind, stem }) => (kind === 'content' ? stem : [])));
}

function sentencesIn(text: string): readonly string[] {
  return text.split(/(?<=[.!?。！？])\s+|\n+/).filter((sentence) => sentence !== '');
}

function lastSaid(events: Turn['events']): string {
  const last = events.findLast(({ kind, source }) => kind === 'message' && source === 'customer');
  return (last && messageTextOf(last)) ?? '';
}

/** Of a passage that names its source only what it says itself; of everything else all texts, with their names. */
function textIn(found: Json): string {
  if (isList(found)) return found.map(textIn).join('\n');
  if (!isObject(found)) return String(found ?? '');
  if (typeof found['text'] === 'string') return found['text'];
  return Object.entries(found)
    .map(([name, value]) => `${name}: ${textIn(value)}`)
    .join('\n');
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}
