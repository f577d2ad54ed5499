/** What the agent knows besides what was said, as sentences: values of variables, and what tools brought. */
import type { Json } from '../../../event-log/event.ts';
import type { Situation } from '../../questions/situation.ts';
import { readSentence, type Sentence } from '../reading/sentence.ts';
import { toSentences } from '../reading/message.ts';

const factLimit = 60;

/** Of this turn only. */
export function factsOf({ variables, staged }: Pick<Situation, 'variables' | 'staged'>): readonly Sentence[] {
  const ofVariables = variables.flatMap(({ name, value }) => sentencesOf(value, humanised(name)));
  const ofTools = staged.flatMap(({ data }) => sentencesOf(data, ''));
  return [...ofVariables, ...ofTools].slice(0, factLimit).map(readSentence);
}

/** Nothing, and no, are told as such: so "not available" is found where a tool says `available: false`. */
export function sentencesOf(data: Json, about: string): readonly string[] {
  if (data === null || data === false || data === '') return [`no ${about}, not ${about}`];
  if (data === true) return [`yes, ${about}`];
  if (typeof data === 'string')
    return toSentences(data).map((each) => (about === '' ? each : `${about}: ${each}`));
  if (typeof data === 'number') return [`${about}: ${data}`];
  if (Array.isArray(data)) {
    if (data.length === 0) return [`no ${about} found, nothing available, none`];
    return data.slice(0, factLimit).flatMap((item: Json) => sentencesOf(item, about));
  }
  return Object.entries(data).flatMap(([key, value]) => sentencesOf(value, humanised(key)));
}

/** "opening_hours" and "openingHours" are "opening hours". */
export function humanised(name: string): string {
  return name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/[_-]+/g, ' ')
    .trim()
    .toLowerCase();
}
