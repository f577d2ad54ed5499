/** Finds which names a template needs from outside: those that it does not define itself before it uses them. */
import type { Body, Expression, Part, Template } from './syntax.ts';

export type Uses = Pick<Template, 'undeclaredNames' | 'generativeFields'>;

export function findUses(body: Body): Uses {
  const names = new Set<string>();
  const generative = new Set<string>();
  walkBody(body, new Set(), (name, key) => {
    names.add(name);
    if (name === 'generative' && key !== undefined) generative.add(key);
  });
  return { undeclaredNames: [...names], generativeFields: [...generative] };
}

/** Told of every use of a name from outside; `key`: of `name.key`. */
type Tell = (name: string, key?: string) => void;

/** What the template has defined so far. */
type Declared = Set<string>;

function walkBody(body: Body, declared: Declared, tell: Tell): Declared {
  for (const part of body) walkPart(part, declared, tell);
  return declared;
}

function walkPart(part: Part, declared: Declared, tell: Tell): void {
  switch (part.kind) {
    case 'text':
      return;
    case 'output':
      return walk(part.value.expression, declared, tell);
    case 'set':
      walk(part.value.expression, declared, tell);
      declared.add(part.name);
      return;
    case 'if':
      return walkIf(part, declared, tell);
    case 'for':
      return walkFor(part, declared, tell);
  }
}

type PartOf<Kind extends Part['kind']> = Extract<Part, { readonly kind: Kind }>;

/** What only some branches set may be needed from outside behind them. */
function walkIf({ branches, otherwise }: PartOf<'if'>, declared: Declared, tell: Tell): void {
  const [first, ...others] = [...branches, { test: undefined, body: otherwise }].map(({ test, body }) => {
    if (test) walk(test.expression, declared, tell);
    return walkBody(body, new Set(declared), tell);
  });
  for (const name of first ?? []) {
    if (others.every((each) => each.has(name))) declared.add(name);
  }
}

function walkFor(
  { names, items, only, body, otherwise }: PartOf<'for'>,
  declared: Declared,
  tell: Tell,
): void {
  walk(items.expression, declared, tell);
  const inside = new Set([...declared, ...names]);
  if (only) walk(only.expression, inside, tell);
  walkBody(body, inside.add('loop'), tell);
  walkBody(otherwise, new Set(declared), tell);
}

function walk(expression: Expression, declared: Declared, tell: Tell): void {
  if (expression.kind === 'name' && !declared.has(expression.name)) tell(expression.name);
  if (expression.kind === 'member' && expression.of.kind === 'name' && !declared.has(expression.of.name)) {
    tell(expression.of.name, keyOf(expression.key));
  }
  for (const child of childrenOf(expression)) walk(child, declared, tell);
}

function keyOf(key: Expression): string | undefined {
  return key.kind === 'literal' && typeof key.value === 'string' ? key.value : undefined;
}

function childrenOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'literal':
    case 'name':
      return [];
    case 'list':
      return expression.items;
    case 'member':
      return [expression.of, expression.key];
    case 'range':
      return expression.args;
    case 'filter':
      return [expression.of, ...expression.args.filter((arg) => arg !== undefined)];
    case 'predicate':
      return [expression.of, ...expression.args];
    case 'unary':
      return [expression.of];
    case 'binary':
      return [expression.left, expression.right];
    case 'comparison':
      return [expression.first, ...expression.rest.map(({ right }) => right)];
    default:
      return [expression.test, expression.value, ...(expression.otherwise ? [expression.otherwise] : [])];
  }
}
