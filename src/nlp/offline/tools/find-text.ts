/** Texts for a tool, in something the customer said: by what kind of text is wanted, by "my … is …", as the answer to a question. */
import { toWords } from '../../lexical/words.ts';
import { bare } from '../messages/details.ts';
import { readMessage } from '../reading/message.ts';
import { yesOrNo } from '../reading/yes-or-no.ts';
import { addressIn, hide, valueIn } from '../values/find-value.ts';
import { nameIn, patternIn, properNamesIn, reasonIn } from '../values/patterns.ts';
import { isAskedFor, textOf } from './asked-for.ts';
import type { Finding } from './finding.ts';
import type { Wanted } from './parameter.ts';
import type { Said } from './sources.ts';

const answerLimit = 200;

export function findText(wanted: Wanted, said: Said, finding: Finding): string | undefined {
  if (wanted.isFree) return findFreeText(wanted, said);
  return (
    likeExamples(wanted, said) ??
    ofKind(wanted, said, finding) ??
    afterName(wanted, said) ??
    afterDirection(wanted, said) ??
    chosenOrQuoted(wanted, said, finding) ??
    asAnswer(wanted, said) ??
    onlyName(wanted, said, finding)
  );
}

/** A reason is told as one, or in answer; what is to be looked for or passed on is what was said. */
function findFreeText(wanted: Wanted, said: Said): string | undefined {
  if (!said.isOwn) return undefined;
  const named = afterName(wanted, said);
  if (named) return named;
  if (isAskedFor(wanted, said) && yesOrNo(said.text) === undefined) return bare(said.text).slice(0, 1_000);
  const isPassedOn = /\b(?:question|query|search|message|text|topic|subject|keywords?|request)\b/i.test(
    wanted.label,
  );
  if (isPassedOn && !said.isAnswer) return said.text.trim().slice(0, 1_000);
  return reasonIn(said.text)?.value ?? (isOfProblem(wanted) ? statementIn(said) : undefined);
}

function isOfProblem({ label }: Wanted): boolean {
  return /\b(?:reason|description|problem|issue|complaint|purpose|explanation)\b/i.test(label);
}

/** What the customer told without being asked: "my screen is black". */
function statementIn({ text, chosen }: Said): string | undefined {
  if (chosen !== undefined || yesOrNo(text) !== undefined) return undefined;
  const told = readMessage(text).sentences.find(
    ({ form, words }) => form === 'statement' && words.some(({ kind }) => kind === 'content'),
  );
  return told && bare(told.text);
}

/** "ORD-1234" is looked for by its shape. */
function likeExamples({ parameter }: Wanted, { text }: Said): string | undefined {
  const shaped = (parameter.examples ?? []).filter((example) => /\d/.test(example) && example.length >= 3);
  for (const example of shaped) {
    const shape = example
      .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
      .replace(/\d+/g, '\\d+')
      .replace(/(?<!\\)[A-Za-z]+/g, (letters) => `[A-Za-z]{${letters.length}}`);
    const match = new RegExp(`(?<![\\p{L}\\d])${shape}(?![\\p{L}\\d])`, 'u').exec(text);
    if (match) return match[0];
  }
  return undefined;
}

function ofKind(wanted: Wanted, said: Said, { now }: Finding): string | undefined {
  const { kind, parameter } = wanted;
  const text = textOf(said);
  switch (kind) {
    case 'email':
    case 'phone':
    case 'url':
      return patternIn(kind, text)?.value;
    case 'id':
      return idIn(wanted, said, now);
    case 'name':
      return isOfPerson(wanted) ? nameIn(text)?.value : undefined;
    case 'place':
      return addressIn(text)?.value;
    case 'number':
    case 'duration':
      return valueIn(kind, text, now)?.value;
    case 'date':
    case 'time':
    case 'datetime': {
      const found =
        valueIn(kind, text, now) ?? (kind === 'datetime' ? valueIn('date', text, now) : undefined);
      if (!found) return undefined;
      return isIso(parameter) ? found.value : (said.chosen ?? found.text.trim());
    }
    default:
      return undefined;
  }
}

function isIso({ examples = [], description = '' }: Wanted['parameter']): boolean {
  return (
    /\b(?:iso|yyyy|hh:mm)/i.test(description) ||
    examples.some((example) => /^\d{4}-\d\d|^\d\d:\d\d/.test(example))
  );
}

function isOfPerson({ described }: Wanted): boolean {
  return (
    /\b(?:full|first|last|sur|your|customer|person|contact|guest|user)\b/i.test(described) ||
    /^names?\b/i.test(described)
  );
}

/** Not a day, an hour, a mail address or a phone number. */
function idIn(wanted: Wanted, said: Said, now: number): string | undefined {
  let rest = said.text;
  for (const kind of ['email', 'url', 'date'] as const) {
    const found = valueIn(kind, rest, now);
    if (found) rest = hide(rest, found);
  }
  const time = valueIn('time', rest, now);
  if (time && /[:apm]/i.test(time.text)) rest = hide(rest, time);
  const id = patternIn('id', rest);
  if (id) return id.value;
  const digits = /\b\d{1,12}\b/.exec(rest);
  return isAskedFor(wanted, said) ? digits?.[0] : undefined;
}

/** "My title is …", "title: …". */
function afterName({ label, name }: Wanted, { text }: Said): string | undefined {
  const names = [...new Set([label, name.replaceAll('_', ' ').toLowerCase(), lastWord(label)])].filter(
    (each) => each.length > 2,
  );
  for (const each of names) {
    const form = new RegExp(
      `\\b${escape(each)}\\s*(?:\\bis\\b|\\bare\\b|:|=|\\bwould be\\b|\\bof\\b)\\s*["“]?([^"”\\n.,;!?]{1,120})`,
      'i',
    );
    const value = form.exec(text)?.[1]?.trim();
    if (value && !/^(?:not|what|unknown|the|a|wrong|incorrect|correct|right)\b/i.test(value))
      return value.replace(/\s+(?:and|but) .*$/i, '');
  }
  return undefined;
}

function lastWord(label: string): string {
  return label.split(' ').at(-1) ?? label;
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

const leading: readonly (readonly [RegExp, RegExp])[] = [
  [/\b(?:from|origin|source|start|starting|begin)\b/i, /\bfrom\s+/gi],
  [/\b(?:country|city|town|place|location|region|where)\b/i, /\b(?:in|to|at|around|near)\s+/gi],
  [/\b(?:to|target|goal|end|ending|recipient|receiver|toward|where)\b/i, /\b(?:to|for|towards?)\s+/gi],
];

function isTime(name: string): boolean {
  return valueIn('date', name, 0) !== undefined || valueIn('time', name, 0) !== undefined;
}

/** With capitals, or one word that is none of the everyday ones. */
function nameAt(text: string, at: number): string | undefined {
  const rest = text.slice(at);
  const name = /^\p{Lu}[\p{L}'’-]*(?: \p{Lu}[\p{L}'’-]*)*/u.exec(rest)?.[0];
  if (name !== undefined) return name;
  const word = /^\p{L}{3,}/u.exec(rest)?.[0];
  return word !== undefined && toWords(word)[0]?.kind === 'content' ? word : undefined;
}

/** "from Rome to Oslo": the parameter's words tell which of them. */
function afterDirection({ described }: Wanted, { text }: Said): string | undefined {
  for (const [form, before] of leading) {
    if (!form.test(described)) continue;
    const ends = [...text.matchAll(before)].map((match) => match.index + match[0].length);
    const names = ends.flatMap((end) => nameAt(text, end) ?? []);
    const named = names.find((name) => !isTime(name));
    if (named) return named;
  }
  return undefined;
}

function chosenOrQuoted(wanted: Wanted, said: Said, { rivals }: Finding): string | undefined {
  const { chosen, text, isOwn } = said;
  const isAlone = wanted.kind === undefined && !rivals.some(({ isRequired }) => isRequired);
  if (chosen !== undefined && (isAlone || isAskedFor(wanted, said))) return chosen;
  return isOwn && chosen === undefined ? patternIn('quoted', text)?.value : undefined;
}

/** The agent asked for it, and this is the answer. */
function asAnswer(wanted: Wanted, said: Said): string | undefined {
  if (!said.isOwn || !isAskedFor(wanted, said) || yesOrNo(said.text) === 'no') return undefined;
  const statements = readMessage(said.text).sentences.filter(({ form }) => form !== 'question');
  const given = bare(statements.map(({ text }) => text).join(' '));
  const isStrict = wanted.kind === 'email' || wanted.kind === 'phone' || wanted.kind === 'url';
  return given === '' || given.length > answerLimit || isStrict ? undefined : given;
}

/** One name stands in it, and nothing else is wanted that could be it. */
function onlyName(
  { isRequired, kind }: Wanted,
  { text, isOwn }: Said,
  { rivals, used }: Finding,
): string | undefined {
  const isNamed = kind === undefined || kind === 'place' || kind === 'name';
  if (!isRequired || !isOwn || !isNamed || rivals.some((rival) => rival.isRequired)) return undefined;
  const [name, ...others] = properNamesIn(text).filter(({ value }) => !used.has(value));
  return others.length === 0 && name && nameIn(text)?.value !== name.value ? name.value : undefined;
}
