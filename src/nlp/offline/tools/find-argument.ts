/** One parameter's value in something the customer said: by its type, or by what kind of text it takes. */
import type { ParameterType } from '../../../tools/tool.ts';
import { coverageOf } from '../journeys/coverage.ts';
import { bare } from '../messages/details.ts';
import { readMessage } from '../reading/message.ts';
import { yesOrNo } from '../reading/yes-or-no.ts';
import { countMeant } from '../values/count-meant.ts';
import { dateIn, datesIn, withoutDates } from '../values/dates.ts';
import { dateTimeIn, plainNumbersIn } from '../values/find-value.ts';
import { chooseOption } from '../values/options.ts';
import { patternIn } from '../values/patterns.ts';
import { durationIn, timeIn } from '../values/times.ts';
import { isAskedFor, textOf } from './asked-for.ts';
import { findList } from './find-list.ts';
import { findText } from './find-text.ts';
import type { Finding, Found } from './finding.ts';
import type { Wanted } from './parameter.ts';
import { pickValue } from './pick-value.ts';
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
  date: (wanted, said, finding) =>
    pickValue(wanted, datesIn(textOf(said), finding.now), said, finding)?.value,
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
  return (
    pickValue(wanted, plainNumbersIn(textOf(said), finding.now), said, finding)?.value ??
    (said.isOwn && isAskedFor(wanted, said) ? countMeant(said.text, said.asked) : undefined)
  );
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
