/** What a tool brought, as people read it. Nothing is added, and nothing rephrased. */
import type { Json } from '../../../event-log/event.ts';
import { asSentence } from '../actions/second-person.ts';
import { humanised } from '../conditions/facts.ts';
import { member } from '../reading/talk.ts';

const itemLimit = 20;
const textLimit = 600;

/** `about`: what it is, in a few words; empty: nobody said. An empty text: there is nothing to show. */
export function showData(data: Json, about: string): string {
  if (data === null || data === '') return '';
  if (typeof data === 'string') return showText(data, about);
  if (typeof data === 'number') return `${label(about) || 'Result: '}${data}.`;
  if (typeof data === 'boolean') return about === '' ? '' : `${label(about)}${data ? 'yes' : 'no'}.`;
  if (Array.isArray(data)) return showList(data, about);
  return showObject(data, about);
}

/** "A, B and C". */
export function enumerated(items: readonly string[], last = 'and'): string {
  if (items.length < 2) return items[0] ?? '';
  return `${items.slice(0, -1).join(', ')} ${last} ${items.at(-1)!}`;
}

function showText(text: string, about: string): string {
  const short = text.length > textLimit ? `${text.slice(0, textLimit).replace(/\s+\S*$/, '')} …` : text;
  const isSentence = /[.!?…]["”')]?\s*$/.test(short) || /\s\S+\s/.test(short.trim());
  return isSentence || about === '' ? asSentence(short) : asSentence(`${label(about)}${short}`);
}

function label(about: string): string {
  const plain = about
    .trim()
    .replace(/^(?:the|a|an|all|any|your|our|some)\s+/i, '')
    .replace(/[.:,]+$/, '');
  return plain === '' ? '' : `${plain.charAt(0).toUpperCase()}${plain.slice(1)}: `;
}

function showList(items: readonly Json[], about: string): string {
  if (items.length === 0) return '';
  const shown = items.slice(0, itemLimit);
  const texts = shown.map(inLine);
  if (texts.every((text) => text.length <= 60 && !text.includes(', ')))
    return `${label(about)}${enumerated(texts)}.`;
  return [label(about).trim(), ...texts.map((text) => `- ${text}`)].filter((line) => line !== '').join('\n');
}

function showObject(data: Json, about: string): string {
  const lines = entriesOf(data).map(([key, value]) => `${sentenceCase(humanised(key))}: ${inLine(value)}`);
  if (lines.length === 0) return '';
  if (lines.length === 1 && typeof entriesOf(data)[0]?.[1] === 'string')
    return showText(
      inLine(entriesOf(data)[0]?.[1] ?? null),
      about || humanised(entriesOf(data)[0]?.[0] ?? ''),
    );
  if (lines.every((line) => line.length <= 60) && lines.length <= 3) return `${lines.join('; ')}.`;
  return lines.map((line) => `- ${line}`).join('\n');
}

function inLine(value: Json): string {
  if (value === null) return 'none';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return value.slice(0, itemLimit).map(inLine).join(', ');
  const name = member(value, 'name') ?? member(value, 'title');
  const others = entriesOf(value)
    .filter(([, each]) => each !== name)
    .map(([key, each]) => `${humanised(key)}: ${inLine(each)}`);
  if (typeof name !== 'string') return others.join(', ');
  return others.length === 0 ? name : `${name} (${others.join(', ')})`;
}

function entriesOf(value: Json): readonly (readonly [string, Json])[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  return Object.entries(value).filter(([, each]) => each !== null && each !== '');
}

function sentenceCase(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
