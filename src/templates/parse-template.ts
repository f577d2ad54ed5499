/** Reads templates: Jinja's syntax, without what a text for a customer does not need (macros, inclusion, calls). */
import { isReserved, parseExpression, parseOr } from './parse-expression.ts';
import type { Body, Branch, Part, Template, Written } from './syntax.ts';
import { createTokenReader, isWord, type TokenReader } from './token-reader.ts';
import { invalid, toPieces, type Piece } from './tokens.ts';
import { findUses } from './uses.ts';

/** How deep blocks may nest. */
const DEPTH_LIMIT = 50;

/** UTF-16 units of a template. */
export const TEMPLATE_LIMIT = 20_000;

/** Throws `InvalidTemplateError`, with the line, the column and the reason. */
export function parseTemplate(source: string): Template {
  if (source.length > TEMPLATE_LIMIT) {
    throw invalid(source, TEMPLATE_LIMIT, `it is longer than ${TEMPLATE_LIMIT} characters`);
  }
  const body = parseBody(createWalk(source), undefined);
  return { source, body, ...findUses(body) };
}

/** The pieces of a template, and where the parser is in them. */
type Walk = {
  readonly source: string;
  next(): Piece | undefined;
  /** The statement that `parseBody` ended at. */
  end: Statement | undefined;
  depth: number;
};

/** A statement whose first word was read. */
type Statement = { readonly word: string; readonly at: number; readonly reader: TokenReader };

function createWalk(source: string): Walk {
  const pieces = toPieces(source);
  let position = 0;
  return { source, next: () => pieces[position++], end: undefined, depth: 0 };
}

/** Up to one of the words in `ends`, which is left in `walk.end`; without `ends`, to the end of the template. */
function parseBody(walk: Walk, block: Block | undefined): Body {
  const body: Part[] = [];
  walk.depth += 1;
  for (let piece = walk.next(); piece; piece = walk.next()) {
    if (piece.kind === 'text') {
      body.push(piece);
      continue;
    }
    const reader = createTokenReader(walk.source, piece.tokens);
    if (piece.kind === 'output') {
      body.push(parseOutput(reader));
      continue;
    }
    const statement = { word: reader.demandName('a statement'), at: piece.at, reader };
    if (block?.ends.includes(statement.word)) {
      walk.end = statement;
      walk.depth -= 1;
      return body;
    }
    if (walk.depth > DEPTH_LIMIT)
      throw invalid(walk.source, piece.at, `blocks nest deeper than ${DEPTH_LIMIT}`);
    body.push(parseStatement(walk, statement));
  }
  if (block) throw invalid(walk.source, block.at, `${block.word} has no ${block.ends.at(-1)}`);
  walk.depth -= 1;
  return body;
}

type Block = { readonly word: string; readonly at: number; readonly ends: readonly string[] };

function parseOutput(reader: TokenReader): Part {
  const value = parseWritten(reader);
  demandEnd(reader);
  return { kind: 'output', value };
}

function parseWritten(reader: TokenReader, parse = parseExpression): Written {
  const first = reader.peek();
  const expression = parse(reader);
  return { expression, source: reader.sourceFrom(first) };
}

function parseStatement(walk: Walk, statement: Statement): Part {
  switch (statement.word) {
    case 'if':
      return parseIf(walk, statement);
    case 'for':
      return parseFor(walk, statement);
    case 'set':
      return parseSet(statement);
    default:
      throw invalid(walk.source, statement.at, `there is no statement ${statement.word} here`);
  }
}

function parseIf(walk: Walk, { word, at, reader }: Statement): Part {
  const branches: Branch[] = [];
  let testReader = reader;
  for (;;) {
    const test = parseWritten(testReader);
    demandEnd(testReader);
    const body = parseBody(walk, { word, at, ends: ['elif', 'else', 'endif'] });
    branches.push({ test, body });
    const end = takeEnd(walk);
    if (end.word !== 'elif') {
      demandEnd(end.reader);
      const otherwise = end.word === 'else' ? parseLast(walk, { word, at, ends: ['endif'] }) : [];
      return { kind: 'if', branches, otherwise };
    }
    testReader = end.reader;
  }
}

function parseFor(walk: Walk, { word, at, reader }: Statement): Part {
  const names = parseNames(reader);
  reader.demand('in');
  const items = parseWritten(reader, parseOr);
  const only = reader.take('if') ? parseWritten(reader) : undefined;
  demandEnd(reader);
  const body = parseBody(walk, { word, at, ends: ['else', 'endfor'] });
  const end = takeEnd(walk);
  demandEnd(end.reader);
  const otherwise = end.word === 'else' ? parseLast(walk, { word, at, ends: ['endfor'] }) : [];
  return { kind: 'for', names, items, only, body, otherwise };
}

/** The last body of a block, with the statement that ends it. */
function parseLast(walk: Walk, block: Block): Body {
  const body = parseBody(walk, block);
  demandEnd(takeEnd(walk).reader);
  return body;
}

function parseNames(reader: TokenReader): readonly string[] {
  const names: string[] = [];
  do {
    names.push(parseNewName(reader));
  } while (reader.take(',') && !isWord(reader.peek(), 'in'));
  return names;
}

function parseNewName(reader: TokenReader): string {
  const token = reader.peek();
  const name = reader.demandName('a name');
  if (name === 'loop' || isReserved(name)) throw reader.wrong(token, `${name} cannot be a name here`);
  return name;
}

function parseSet({ reader }: Statement): Part {
  const name = parseNewName(reader);
  reader.demand('=');
  const value = parseWritten(reader);
  demandEnd(reader);
  return { kind: 'set', name, value };
}

function demandEnd(reader: TokenReader): void {
  if (reader.peek().kind !== 'end') throw reader.unexpected();
}

function takeEnd(walk: Walk): Statement {
  const { end } = walk;
  if (!end) throw new Error('A block was left without an end.');
  walk.end = undefined;
  return end;
}
