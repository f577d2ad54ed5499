/**
 * Lists and objects out of text that a model wrote: JSON, or as Python prints them, `['a', "b", True, None]`, with bare words for texts.
 * What a bare word is, is left to the type of its place where there is one: in a list it stays text.
 */
import type { Json } from '../event-log/event.ts';
import { depthLimit } from './json.ts';

/** Undefined: the text is no list. */
export function parseList(text: string): readonly Json[] | undefined {
  const value = parseLiteral(text.trim(), '[');
  return Array.isArray(value) ? value : undefined;
}

/** Undefined: the text is no object. */
export function parseObject(text: string): Json | undefined {
  return parseLiteral(text.trim(), '{');
}

function parseLiteral(text: string, opening: '[' | '{'): Json | undefined {
  if (!text.startsWith(opening)) return undefined;
  try {
    return JSON.parse(text) as Json; // that is what it parses
  } catch {
    return parsePython(text);
  }
}

class NoLiteral extends Error {}

function parsePython(text: string): Json | undefined {
  try {
    return readAll(text);
  } catch (error) {
    if (error instanceof NoLiteral) return undefined;
    throw error;
  }
}

function readAll(text: string): Json {
  let at = 0;
  const value = readValue(0, false);
  skipBlanks();
  if (at < text.length) throw new NoLiteral();
  return value;

  function readValue(depth: number, isTyped: boolean): Json {
    if (depth > depthLimit) throw new NoLiteral();
    skipBlanks();
    const first = text[at];
    if (first === '[') return readItems(depth, isTyped);
    if (first === '{') return readEntries(depth);
    if (first === '"' || first === "'") return readQuoted(first);
    const word = readWord();
    return isTyped ? valueOfWord(word) : word === 'None' || word === 'null' ? null : word;
  }

  function readItems(depth: number, isTyped: boolean): Json {
    const items: Json[] = [];
    readMembers(']', () => items.push(readValue(depth + 1, isTyped)));
    return items;
  }

  function readEntries(depth: number): Json {
    const entries: [string, Json][] = [];
    readMembers('}', () => {
      skipBlanks();
      const quote = text[at];
      const key = quote === '"' || quote === "'" ? readQuoted(quote) : readWord();
      expect(':');
      entries.push([key, readValue(depth + 1, true)]);
    });
    return Object.fromEntries(entries);
  }

  /** From the opening bracket to behind the closing one. A comma may stand behind the last member. */
  function readMembers(closing: string, readMember: () => void): void {
    at += 1;
    for (;;) {
      skipBlanks();
      if (text[at] === closing) break;
      readMember();
      skipBlanks();
      if (text[at] === closing) break;
      expect(',');
    }
    at += 1;
  }

  function readQuoted(quote: string): string {
    let read = '';
    for (at += 1; text[at] !== quote; at += 1) {
      if (at >= text.length) throw new NoLiteral();
      if (text[at] === '\\') read += readEscape();
      else read += text[at];
    }
    at += 1;
    return read;
  }

  /** `at` is at the backslash, and then at the last character of the escape. */
  function readEscape(): string {
    at += 1;
    const letter = text[at] ?? '';
    const digits = { u: 4, x: 2 }[letter];
    if (digits === undefined) return { n: '\n', t: '\t', r: '\r' }[letter] ?? letter;
    const code = text.slice(at + 1, at + 1 + digits);
    if (code.length < digits || !/^[0-9a-f]+$/i.test(code)) throw new NoLiteral();
    at += digits;
    return String.fromCharCode(Number.parseInt(code, 16));
  }

  function readWord(): string {
    const from = at;
    while (at < text.length && !'[]{},:"'.includes(text[at]!)) at += 1; // within the text
    const word = text.slice(from, at).trim();
    if (word === '') throw new NoLiteral();
    return word;
  }

  function expect(character: string): void {
    skipBlanks();
    if (text[at] !== character) throw new NoLiteral();
    at += 1;
  }

  function skipBlanks(): void {
    while (at < text.length && text[at]!.trim() === '') at += 1; // within the text
  }
}

function valueOfWord(word: string): Json {
  if (/^(true|false)$/i.test(word)) return word.toLowerCase() === 'true';
  if (word === 'None' || word === 'null') return null;
  return /^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(word) ? Number(word) : word;
}
