/**
 * Reads a template's text as pieces: text, and what stands between `{{` and `}}` or `{%` and `%}` as tokens. As in Jinja a `-` at the
 * inner side of a brace takes away the white space before or behind, and one newline at the very end is not part of the text.
 */
import { InvalidTemplateError } from '../errors.ts';

export type Token = {
  readonly kind: 'name' | 'number' | 'string' | 'operator' | 'end';
  /** Of a string: what it stands for. */
  readonly text: string;
  /** Where it begins and where it is over, in UTF-16 units. */
  readonly at: number;
  readonly to: number;
};

export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  /** The last token is of kind `end`. */
  | { readonly kind: 'output' | 'statement'; readonly at: number; readonly tokens: readonly Token[] };

/** More tokens than a person writes between two braces; deeper trees than the stack holds cannot be made of them. */
const TOKEN_LIMIT = 500;

/** Throws `InvalidTemplateError`. */
export function toPieces(source: string): readonly Piece[] {
  const text = source.endsWith('\n') ? source.slice(0, -1) : source;
  const pieces: Piece[] = [];
  let at = 0;
  let isTrimmed = false;

  function addText(end: number, { trimEnd }: { readonly trimEnd: boolean }): void {
    const between = text.slice(at, end);
    const begun = isTrimmed ? between.trimStart() : between;
    const kept = trimEnd ? begun.trimEnd() : begun;
    if (kept !== '') pieces.push({ kind: 'text', text: kept });
  }

  for (;;) {
    const open = find(/\{[{%#][-+]?/g, text, at);
    if (!open) break;
    addText(open.at, { trimEnd: open.text.endsWith('-') });
    const { piece, to, isTrimmed: trims } = readTag(source, text, open);
    if (piece) pieces.push(piece);
    at = to;
    isTrimmed = trims;
    if (piece?.kind !== 'statement' || !isRaw(piece.tokens)) continue;
    pieces.pop();
    const close = find(/\{%[-+]?\s*endraw\s*-?%\}/g, text, at);
    if (!close) throw invalid(source, piece.at, '{% raw %} has no {% endraw %}');
    addText(close.at, { trimEnd: close.text.startsWith('{%-') });
    at = close.at + close.text.length;
    isTrimmed = close.text.endsWith('-%}');
  }
  addText(text.length, { trimEnd: false });
  return pieces;
}

/** Says where, as people count: lines and characters from 1. */
export function invalid(source: string, at: number, reason: string): InvalidTemplateError {
  const lines = source.slice(0, at).split('\n');
  const column = Array.from(lines.at(-1) ?? '').length + 1;
  return new InvalidTemplateError(shortened(source), `line ${lines.length}, column ${column}: ${reason}`);
}

type Found = { readonly at: number; readonly text: string };

type Tag = { readonly piece: Piece | undefined; readonly to: number; readonly isTrimmed: boolean };

function readTag(source: string, text: string, open: Found): Tag {
  const inside = open.at + open.text.length;
  switch (open.text[1]) {
    case '#':
      return readComment(source, text, open);
    case '{': {
      const { tokens, ...rest } = readTokens(source, text, { at: inside, open: open.at, close: /-?\}\}/y });
      return { piece: { kind: 'output', at: open.at, tokens }, ...rest };
    }
    default: {
      const { tokens, ...rest } = readTokens(source, text, { at: inside, open: open.at, close: /-?%\}/y });
      return { piece: { kind: 'statement', at: open.at, tokens }, ...rest };
    }
  }
}

function readComment(source: string, text: string, open: Found): Tag {
  const end = text.indexOf('#}', open.at + 2);
  if (end < 0) throw invalid(source, open.at, '{# has no #}');
  return { piece: undefined, to: end + 2, isTrimmed: text[end - 1] === '-' && end - 1 > open.at + 1 };
}

type TagTokens = { readonly tokens: readonly Token[]; readonly to: number; readonly isTrimmed: boolean };

function readTokens(
  source: string,
  text: string,
  { at: start, open, close }: { readonly at: number; readonly open: number; readonly close: RegExp },
): TagTokens {
  const tokens: Token[] = [];
  for (let at = start; ;) {
    at += match(/\s*/y, text, at)?.length ?? 0;
    const end = match(close, text, at);
    if (end !== undefined) {
      tokens.push({ kind: 'end', text: end, at, to: at });
      return { tokens, to: at + end.length, isTrimmed: end.startsWith('-') };
    }
    if (at >= text.length) throw invalid(source, open, `${text.slice(open, open + 2)} is not closed`);
    if (tokens.length >= TOKEN_LIMIT) throw invalid(source, open, `it is longer than ${TOKEN_LIMIT} words`);
    const last = tokens.at(-1);
    const isKey = last?.kind === 'operator' && last.text === '.';
    const token = readToken(source, text, { at, isKey });
    tokens.push(token);
    at = token.to;
  }
}

function readToken(
  source: string,
  text: string,
  { at, isKey }: { readonly at: number; readonly isKey: boolean },
): Token {
  const name = match(/[\p{ID_Start}_][\p{ID_Continue}]*/uy, text, at);
  if (name !== undefined) return { kind: 'name', text: name, at, to: at + name.length };
  // In `list.0.name` the point behind the number is none of the number's.
  const number = match(isKey ? /\d+/y : /\d+(?:\.\d+)?/y, text, at);
  if (number !== undefined) return { kind: 'number', text: number, at, to: at + number.length };
  const quoted = match(/'[^'\\]*(?:\\[^][^'\\]*)*'|"[^"\\]*(?:\\[^][^"\\]*)*"/y, text, at);
  if (quoted !== undefined) return { kind: 'string', text: unquoted(quoted), at, to: at + quoted.length };
  const operator = match(/[=!<>]=|\/\/|[-+*/%~|.,()[\]<>=]/y, text, at);
  if (operator !== undefined) return { kind: 'operator', text: operator, at, to: at + operator.length };
  const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
  const isQuote = character === '"' || character === "'";
  throw invalid(source, at, isQuote ? 'the text in quotes is not closed' : `${character} means nothing here`);
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

/** A backslash before what it does not change stays, as in Python. */
function unquoted(quoted: string): string {
  return quoted
    .slice(1, -1)
    .replaceAll(/\\([^])/g, (both, escaped: string) =>
      '\\\'"'.includes(escaped) ? escaped : (escapes[escaped] ?? both),
    );
}

function isRaw(tokens: readonly Token[]): boolean {
  return tokens.length === 2 && tokens[0]?.kind === 'name' && tokens[0].text === 'raw';
}

/** `pattern` is sticky. */
function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

/** `pattern` is global. */
function find(pattern: RegExp, text: string, from: number): Found | undefined {
  pattern.lastIndex = from;
  const found = pattern.exec(text);
  return found ? { at: found.index, text: found[0] } : undefined;
}

/** Characters of a template that an error repeats. */
const SHOWN_CHARS = 200;

function shortened(source: string): string {
  const characters = Array.from(source.slice(0, 2 * SHOWN_CHARS + 2));
  return characters.length <= SHOWN_CHARS ? source : `${characters.slice(0, SHOWN_CHARS).join('')}…`;
}
