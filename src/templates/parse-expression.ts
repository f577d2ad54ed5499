/**
 * Reads expressions, in Jinja's order of precedence: choice, or, and, not, comparison, + -, ~, * / // %, sign, members and filters.
 * What it does not know is refused here, so that a template that was accepted fails only because of values.
 */
import { filterNames, filterParameters } from './filters.ts';
import { inOrder, parseArguments } from './parse-arguments.ts';
import { predicateNames, predicateParameters } from './predicates.ts';
import type { BinaryOperator, Comparison, ComparisonOperator, Expression } from './syntax.ts';
import { isWord, type TokenReader } from './token-reader.ts';
import type { Token } from './tokens.ts';

/** Throws `InvalidTemplateError`. */
export function parseExpression(reader: TokenReader): Expression {
  const value = parseOr(reader);
  if (!reader.take('if')) return value;
  const test = parseOr(reader);
  const otherwise = reader.take('else') ? parseExpression(reader) : undefined;
  return { kind: 'choice', test, value, otherwise };
}

/** As `parseExpression`, without a choice: a `for` has an `if` of its own. */
export function parseOr(reader: TokenReader): Expression {
  return parseBinary(reader, ['or'], parseAnd);
}

function parseAnd(reader: TokenReader): Expression {
  return parseBinary(reader, ['and'], parseNot);
}

function parseNot(reader: TokenReader): Expression {
  if (!reader.take('not')) return parseComparison(reader);
  return { kind: 'unary', operator: 'not', of: parseNot(reader) };
}

const comparisons: readonly string[] = [
  '==',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
  'in',
] satisfies ComparisonOperator[];

function parseComparison(reader: TokenReader): Expression {
  const first = parseSum(reader);
  const rest: Comparison[] = [];
  for (let operator = takeComparison(reader); operator; operator = takeComparison(reader)) {
    rest.push({ operator, right: parseSum(reader) });
  }
  return rest.length === 0 ? first : { kind: 'comparison', first, rest };
}

function takeComparison(reader: TokenReader): ComparisonOperator | undefined {
  if (reader.isNext('not') && isWord(reader.peek(1), 'in')) {
    reader.next();
    reader.next();
    return 'not in';
  }
  const operator = comparisons.find((each) => reader.take(each));
  return operator as ComparisonOperator | undefined; // it is one of them
}

function parseSum(reader: TokenReader): Expression {
  return parseBinary(reader, ['+', '-'], parseJoined);
}

function parseJoined(reader: TokenReader): Expression {
  return parseBinary(reader, ['~'], parseProduct);
}

function parseProduct(reader: TokenReader): Expression {
  return parseBinary(reader, ['*', '/', '//', '%'], parseSigned);
}

function parseBinary(
  reader: TokenReader,
  operators: readonly BinaryOperator[],
  parseOperand: (reader: TokenReader) => Expression,
): Expression {
  let left = parseOperand(reader);
  for (;;) {
    const operator = operators.find((each) => reader.take(each));
    if (operator === undefined) return left;
    left = { kind: 'binary', operator, left, right: parseOperand(reader) };
  }
}

function parseSigned(reader: TokenReader): Expression {
  return parseFiltered(reader, parseSign(reader));
}

function parseSign(reader: TokenReader): Expression {
  for (const operator of ['-', '+'] as const) {
    if (reader.take(operator)) return { kind: 'unary', operator, of: parseSign(reader) };
  }
  return parseMembers(reader, parsePrimary(reader));
}

function parseMembers(reader: TokenReader, from: Expression): Expression {
  let of = from;
  for (;;) {
    if (reader.isNext('(')) throw reader.wrong(reader.peek(), 'only range can be called; use a filter');
    if (reader.take('.')) of = { kind: 'member', of, key: parseKey(reader) };
    else if (reader.isNext('[')) of = { kind: 'member', of, key: parseBracketed(reader) };
    else return of;
  }
}

/** What follows a point: a name or an index. */
function parseKey(reader: TokenReader): Expression {
  const token = reader.next();
  if (token.kind === 'name') return { kind: 'literal', value: token.text };
  if (token.kind === 'number') return { kind: 'literal', value: Number(token.text) };
  throw reader.wrong(token, 'the name of a field is missing here');
}

function parseBracketed(reader: TokenReader): Expression {
  reader.demand('[');
  reader.enter();
  const key = parseExpression(reader);
  reader.leave();
  reader.demand(']');
  return key;
}

function parseFiltered(reader: TokenReader, from: Expression): Expression {
  let of = from;
  for (;;) {
    if (reader.take('|')) of = parseFilter(reader, of);
    else if (reader.take('is')) of = parsePredicate(reader, of);
    else return of;
  }
}

function parseFilter(reader: TokenReader, of: Expression): Expression {
  const token = reader.peek();
  const name = reader.demandName('the name of a filter');
  const parameters = filterParameters(name);
  if (!parameters) throw reader.wrong(token, `there is no filter ${name}, but ${filterNames.join(' ')}`);
  const given = reader.isNext('(') ? parseArguments(reader, parseExpression) : [];
  return { kind: 'filter', of, name, args: inOrder(given, { of: token, parameters, reader }) };
}

function parsePredicate(reader: TokenReader, of: Expression): Expression {
  const isNegated = reader.take('not');
  const token = reader.peek();
  const name = reader.demandName('what it should be');
  const parameters = predicateParameters(name);
  if (parameters === undefined) {
    throw reader.wrong(token, `nothing can be "is ${name}", but ${predicateNames.join(' ')}`);
  }
  const args = parsePredicateArguments(reader, parameters);
  if (args.length !== parameters) throw reader.wrong(token, `is ${name} takes ${parameters} values`);
  return { kind: 'predicate', of, name, args, isNegated };
}

/** In brackets, or one value as it is: `is divisibleby 3`. */
function parsePredicateArguments(reader: TokenReader, parameters: number): readonly Expression[] {
  if (reader.isNext('(')) return parseArguments(reader, parseExpression).map(({ value }) => value);
  return parameters === 1 ? [parseMembers(reader, parsePrimary(reader))] : [];
}

/** Whether a word means something by itself and so names no value. */
export function isReserved(word: string): boolean {
  return keywords.has(word) || constants.has(word);
}

const keywords = new Set(['and', 'or', 'not', 'in', 'is', 'if', 'else', 'elif', 'for', 'set']);

const constants = new Map([
  ['true', true],
  ['True', true],
  ['false', false],
  ['False', false],
  ['none', null],
  ['None', null],
]);

function parsePrimary(reader: TokenReader): Expression {
  const token = reader.next();
  switch (token.kind) {
    case 'string':
      return { kind: 'literal', value: token.text };
    case 'number':
      return { kind: 'literal', value: toNumber(reader, token) };
    case 'name':
      return parseName(reader, token);
    case 'operator':
      if (token.text === '(') return parseGroup(reader);
      if (token.text === '[') return parseList(reader);
      throw reader.unexpected(token);
    default:
      throw reader.unexpected(token);
  }
}

function toNumber(reader: TokenReader, token: Token): number {
  const value = Number(token.text);
  if (!Number.isFinite(value)) throw reader.wrong(token, 'this number is too large');
  return value;
}

function parseName(reader: TokenReader, token: Token): Expression {
  const constant = constants.get(token.text);
  if (constant !== undefined) return { kind: 'literal', value: constant };
  if (keywords.has(token.text)) throw reader.unexpected(token);
  if (token.text === 'range' && reader.isNext('(')) return parseRange(reader, token);
  return { kind: 'name', name: token.text };
}

function parseRange(reader: TokenReader, token: Token): Expression {
  const given = parseArguments(reader, parseExpression);
  if (given.length < 1 || given.length > 3) throw reader.wrong(token, 'range takes 1 to 3 numbers');
  return { kind: 'range', args: given.map(({ value }) => value) };
}

function parseGroup(reader: TokenReader): Expression {
  reader.enter();
  const inner = parseExpression(reader);
  reader.leave();
  reader.demand(')');
  return inner;
}

function parseList(reader: TokenReader): Expression {
  const items: Expression[] = [];
  reader.enter();
  while (!reader.isNext(']')) {
    items.push(parseExpression(reader));
    if (!reader.take(',')) break;
  }
  reader.leave();
  reader.demand(']');
  return { kind: 'list', items };
}
