/** Walks over the tokens of one tag, for the parsers. */
import type { InvalidTemplateError } from '../errors.ts';
import { invalid, type Token } from './tokens.ts';

export type TokenReader = {
  /** The one that comes next; at the end the token of kind `end`, again and again. */
  peek(ahead?: number): Token;
  next(): Token;
  /** Whether an operator or a word comes next: `|`, `if`. */
  isNext(text: string): boolean;
  /** Takes it if it comes next. */
  take(text: string): boolean;
  /** Throws `InvalidTemplateError` if something else comes next. */
  demand(text: string): void;
  demandName(what: string): string;
  /** That what was opened next to here is not too deep; what was opened is closed by `leave`. */
  enter(): void;
  leave(): void;
  /** As written, from a token on to the one before the next. */
  sourceFrom(token: Token): string;
  /** To be thrown: what stands at this token should not. */
  unexpected(token?: Token): InvalidTemplateError;
  wrong(token: Token, reason: string): InvalidTemplateError;
};

/** How deep brackets may nest. */
const DEPTH_LIMIT = 50;

export function createTokenReader(source: string, tokens: readonly Token[]): TokenReader {
  let position = 0;
  let depth = 0;

  function peek(ahead = 0): Token {
    const token = tokens[Math.min(position + ahead, tokens.length - 1)];
    if (!token) throw new Error('A tag has no end.');
    return token;
  }

  function next(): Token {
    const token = peek();
    position += 1;
    return token;
  }

  const wrong = (token: Token, reason: string) => invalid(source, token.at, reason);

  function unexpected(token = peek()): InvalidTemplateError {
    return wrong(
      token,
      token.kind === 'end' ? 'something is missing here' : `${shown(token)} was not expected`,
    );
  }

  const isNext = (text: string) => isWord(peek(), text);

  return {
    peek,
    next,
    isNext,
    take(text) {
      if (!isNext(text)) return false;
      next();
      return true;
    },
    demand(text) {
      if (!isNext(text)) throw wrong(peek(), `${text} is missing here`);
      next();
    },
    demandName(what) {
      const token = next();
      if (token.kind !== 'name') throw wrong(token, `${what} is missing here`);
      return token.text;
    },
    enter() {
      depth += 1;
      if (depth > DEPTH_LIMIT) throw wrong(peek(), `brackets nest deeper than ${DEPTH_LIMIT}`);
    },
    leave() {
      depth -= 1;
    },
    sourceFrom: (token) => source.slice(token.at, tokens[position - 1]?.to ?? token.to),
    unexpected,
    wrong,
  };
}

/** Whether a token is this operator or word; texts in quotes are neither. */
export function isWord({ kind, text }: Token, word: string): boolean {
  return (kind === 'name' || kind === 'operator') && text === word;
}

function shown({ kind, text }: Token): string {
  return kind === 'string' ? 'a text in quotes' : text;
}
