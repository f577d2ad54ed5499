/** Reads what filters, predicates and `range` are given in brackets. */
import type { Args, Expression } from './syntax.ts';
import { isWord, type TokenReader } from './token-reader.ts';
import type { Token } from './tokens.ts';

/** `name`: of `name=value`. */
export type Given = { readonly name: string | undefined; readonly value: Expression; readonly token: Token };

/** `parse`: reads one value. */
export function parseArguments(
  reader: TokenReader,
  parse: (reader: TokenReader) => Expression,
): readonly Given[] {
  const given: Given[] = [];
  reader.demand('(');
  reader.enter();
  while (!reader.isNext(')')) {
    const token = reader.peek();
    const isNamed = token.kind === 'name' && isWord(reader.peek(1), '=');
    const name = isNamed ? reader.demandName('a name') : undefined;
    if (isNamed) reader.demand('=');
    given.push({ name, value: parse(reader), token });
    if (!reader.take(',')) break;
  }
  reader.leave();
  reader.demand(')');
  return given;
}

type Parameters = {
  /** What takes them. */
  readonly of: Token;
  readonly parameters: readonly string[];
  readonly reader: TokenReader;
};

/** By the order of the parameters, whatever was given by name. */
export function inOrder(given: readonly Given[], { of, parameters, reader }: Parameters): Args {
  const args: (Expression | undefined)[] = parameters.map(() => undefined);
  given.forEach(({ name, value, token }, position) => {
    const index = name === undefined ? position : parameters.indexOf(name);
    if (index < 0 || index >= args.length) throw reader.wrong(token, `${of.text} does not take this`);
    if (args[index]) throw reader.wrong(token, `${of.text} is given this twice`);
    args[index] = value;
  });
  return args;
}
