/** One parameter's value in something the customer said: by its type, or by what kind of text it takes. */
import type { Json } from '../../../event-log/event.ts';
import type { ParameterType } from '../../../tools/tool.ts';
import { coverageOf } from '../journeys/coverage.ts';
import { bare } from '../messages/details.ts';
import { readMessage } from '../reading/message.ts';
import { yesOrNo } from '../reading/yes-or-no.ts';
import { dateIn, withoutDates } from '../values/dates.ts';
import { dateTimeIn, hide, plainNumbersIn } from '../values/find-value.ts';
import type { Spotted } from '../values/numbers.ts';
import { chooseOption, namedOptions } from '../values/options.ts';
import { patternIn } from '../values/patterns.ts';
import { durationIn, timeIn } from '../values/times.ts';
import { isAskedFor, textOf } from './asked-for.ts';
import { findText } from './find-text.ts';
import type { Finding, Found } from './finding.ts';
import type { Wanted } from './parameter.ts';
import type { Said } from './sources.ts';

/** Undefined: it says nothing of it. */
export function findArgument(wanted: Wanted, said: Said, finding: Finding): Found | undefined {
  const { parameter } = wanted;
  if (parameter.type === 'array') return findList(wanted, said, finding);
  if (wanted.options.length > 0) return findChoice(wanted, said);
  const value = readers[parameter.type](wanted, said, finding);
  return value === undefined ? undefined : { value };
}

type Reader = (wanted: Wanted, said: Said, finding: Finding) => string | undefined;

const readers: Readonly<Record<Exclude<ParameterType, 'array'>, Reader>> = {
  string: findText,
  number: (wanted, said, finding) => findNumber(wanted, said, finding),
  integer: (wanted, said, finding) => {
    const value = findNumber(wanted, said, finding);
    return value !== undefined && Number.isInteger(Number(value)) ? value : undefined;
  },
  boolean: findYesOrNo,
  date: (wanted, said, finding) => pick(wanted, datesIn(textOf(said), finding.now), said, finding)?.value,
  datetime: (_, said, { now }) => dateTimeIn(textOf(said), now)?.value,
  timedelta: (_, said) => durationIn(textOf(said))?.value,
  path: (_, said) => patternIn('path', said.text)?.value,
  uuid: (_, said) => patternIn('uuid', said.text)?.value,
  object: (_, said) => objectIn(said.text),
};

function findChoice(wanted: Wanted, said: Said): Found | undefined {
  const { parameter, options } = wanted;
  const isAsked =
    isAskedFor(wanted, said) ||
    options.filter(({ text }) => said.asked.toLowerCase().includes(text.toLowerCase())).length > 1;
  const { chosen, text } = said;
  const choice =
    (chosen === undefined ? undefined : chooseOption(chosen, options, { byPlace: false })) ??
    chooseOption(text, options, { byPlace: isAsked });
  const value = choice && parameter.enum?.[choice.at];
  if (value !== undefined) return { value: String(value) };
  const words = readMessage(said.text).words.length;
  const isQuestion = readMessage(said.text).sentences.some(({ form }) => form === 'question');
  if (!isAsked || !said.isOwn || isQuestion || words > 6 || yesOrNo(said.text) !== undefined)
    return undefined;
  const given = bare(said.text);
  return given === '' ? undefined : { invalid: given };
}

function findYesOrNo(wanted: Wanted, said: Said): string | undefined {
  if (isAskedFor(wanted, said)) {
    const answer = yesOrNo(said.text);
    if (answer) return answer === 'yes' ? 'true' : 'false';
  }
  if (!said.isOwn) return undefined;
  const clause = said.text
    .split(/[,;.!?]|\b(?:and|but)\b/i)
    .find((each) => coverageOf(wanted.label, each) >= 0.7);
  if (clause === undefined) return undefined;
  return /\b(?:no|not|without|don't|never|cannot|can't)\b/i.test(clause) ? 'false' : 'true';
}

function findNumber(wanted: Wanted, said: Said, finding: Finding): string | undefined {
  return pick(wanted, plainNumbersIn(textOf(said), finding.now), said, finding)?.value;
}

/**
 * The only one, or the one that stands beside words of the parameter's name, or, of several for several parameters, the one in the same
 * place.
 */
function pick(
  wanted: Wanted,
  values: readonly Spotted<string>[],
  said: Said,
  { rivals }: Finding,
): Spotted<string> | undefined {
  if (values.length === 0) return undefined;
  const text = textOf(said);
  const beside = values.map((value) => ({ value, score: besides(wanted, value, text) }));
  const best = beside.reduce((best, each) => (each.score > best.score ? each : best));
  if (best.score > 0) return best.value;
  if (rivals.length === 0 || isAskedFor(wanted, said)) return values[0];
  const others = values.filter((value) => rivals.every((rival) => besides(rival, value, text) === 0));
  const place = rivals
    .filter((rival) => !values.some((value) => besides(rival, value, text) > 0))
    .filter(({ name }) => name < wanted.name || isBefore(rivals, wanted, name)).length;
  return others.length > 1
    ? others[place]
    : said.isAnswer
      ? undefined
      : others[0] && rivals.every(({ isRequired }) => !isRequired)
        ? others[0]
        : undefined;
}

function isBefore(rivals: readonly Wanted[], wanted: Wanted, name: string): boolean {
  return rivals.findIndex((rival) => rival.name === name) < rivals.indexOf(wanted);
}

const reach = 28;

/** How well the words around a value name the parameter. */
function besides({ label, parameter }: Wanted, { from, to }: Spotted<string>, text: string): number {
  const after = text.slice(to, to + reach).split(/[,.;!?\d]|\band\b/i)[0] ?? '';
  const before =
    text
      .slice(Math.max(0, from - reach), from)
      .split(/[,.;!?\d]|\band\b/i)
      .at(-1) ?? '';
  const named = Math.max(nearness(label, after), nearness(label, before));
  const described = parameter.description ?? '';
  return named > 0
    ? named
    : described === ''
      ? 0
      : Math.max(nearness(described, after), nearness(described, before)) / 2;
}

function nearness(label: string, around: string): number {
  const words = around
    .trim()
    .split(/\s+/)
    .filter((word) => word.length > 2);
  return words.some((word) => coverageOf(word, label) >= 0.8 && coverageOf(word, '') < 1) ? 1 : 0;
}

/** All of them. */
export function datesIn(text: string, now: number): readonly Spotted<string>[] {
  const found: Spotted<string>[] = [];
  let rest = text;
  for (let date = dateIn(rest, now); date; date = dateIn(rest, now)) {
    found.push(date);
    rest = hide(rest, date);
  }
  return found.sort((a, b) => a.from - b.from);
}

function findList(wanted: Wanted, said: Said, finding: Finding): Found | undefined {
  const { parameter, options } = wanted;
  const items =
    options.length > 0
      ? namedOptions(said.text, options).map((at) => parameter.enum?.[at] ?? '')
      : itemsOf(wanted, said, finding);
  return items.length === 0 ? undefined : { value: JSON.stringify(items) };
}

function itemsOf(wanted: Wanted, said: Said, { now }: Finding): readonly Json[] {
  const { itemType = 'string' } = wanted.parameter;
  const text = textOf(said);
  if (itemType === 'number' || itemType === 'integer')
    return plainNumbersIn(text, now).map(({ value }) => Number(value));
  if (itemType === 'date') return datesIn(text, now).map(({ value }) => value);
  if (itemType !== 'string') return [];
  if (!isAskedFor(wanted, said) || !said.isOwn) return [];
  return bare(said.text)
    .split(/\s*[,;]\s*(?:and\s+)?|\s+and\s+/i)
    .filter((item) => item !== '');
}

function objectIn(text: string): string | undefined {
  const [from, to] = [text.indexOf('{'), text.lastIndexOf('}')];
  if (from < 0 || to < from) return undefined;
  try {
    return JSON.stringify(JSON.parse(text.slice(from, to + 1)));
  } catch {
    return undefined;
  }
}

/** A day from one message and a time of day from another. */
export function joinDateTime(said: readonly Said[], now: number): string | undefined {
  const texts = said.map(textOf);
  const date = texts.map((text) => dateIn(text, now)).find((each) => each !== undefined);
  const time = texts.map((text) => timeIn(withoutDates(text, now))).find((each) => each !== undefined);
  return date && time ? `${date.value}T${time.value}:00` : undefined;
}
