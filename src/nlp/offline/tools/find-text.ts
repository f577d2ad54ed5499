/** Texts for a tool, in something the customer said: by what kind of text is wanted, by "my … is …", as the answer to a question. */
import { bare } from '../messages/details.ts';
import { readMessage } from '../reading/message.ts';
import { yesOrNo } from '../reading/yes-or-no.ts';
import { addressIn, hide, valueIn } from '../values/find-value.ts';
import { nameIn, patternIn } from '../values/patterns.ts';
import { isAskedFor, textOf } from './asked-for.ts';
import { findFreeText } from './find-free-text.ts';
import { afterDirection, onlyName } from './find-name.ts';
import type { Finding } from './finding.ts';
import type { Wanted } from './parameter.ts';
import type { Said } from './sources.ts';

const answerLimit = 200;

export function findText(wanted: Wanted, said: Said, finding: Finding): string | undefined {
  if (wanted.isFree) return (said.isOwn ? afterName(wanted, said) : undefined) ?? findFreeText(wanted, said);
  return (
    likeExamples(wanted, said) ??
    ofKind(wanted, said, finding) ??
    afterName(wanted, said) ??
    afterDirection(wanted, said, finding) ??
    chosenOrQuoted(wanted, said, finding) ??
    asAnswer(wanted, said) ??
    onlyName(wanted, said, finding)
  );
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
