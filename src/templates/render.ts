/**
 * Fills in a template. Values are inserted as they are, whatever they hold: nothing is escaped, and what looks like a template in a
 * value is text.
 */
import type { Json, JsonObject } from '../event-log/event.ts';
import { evaluate, type Scope } from './evaluate.ts';
import type { Body, Part, Template, Written } from './syntax.ts';
import { isList, isTrue, itemsOf, toText, type Value } from './values.ts';
import { createWork, MissingValue, RenderFailure } from './work.ts';

export type Rendered =
  | { readonly kind: 'text'; readonly text: string }
  /** Top-level names, or the expression, as written, that came to nothing. */
  | { readonly kind: 'missing'; readonly fields: readonly string[] }
  /** These values do not fit (a text where a number is needed), or it takes too long, or the text is too long. */
  | { readonly kind: 'failed'; readonly reason: string };

/** Null is no value. A field that is named is needed, also where the template would do without it. */
export function renderTemplate(template: Template, values: JsonObject): Rendered {
  const missing = template.undeclaredNames.filter((name) => readOwn(values, name) === undefined);
  if (missing.length > 0) return { kind: 'missing', fields: missing };
  const rendering = createRendering(values);
  try {
    renderBody(template.body, rendering);
    return { kind: 'text', text: rendering.texts.join('') };
  } catch (error) {
    if (error instanceof MissingValue) return { kind: 'missing', fields: [rendering.current] };
    if (error instanceof RenderFailure) return { kind: 'failed', reason: error.message };
    throw error;
  }
}

type Names = Map<string, Value>;

type Rendering = Scope & {
  readonly texts: string[];
  /** What is looked at, as written. */
  current: string;
  /** What the template itself defines, the innermost block last. */
  readonly blocks: Names[];
};

function createRendering(values: JsonObject): Rendering {
  const blocks: Names[] = [new Map()];
  return {
    texts: [],
    current: '',
    blocks,
    work: createWork(),
    read(name) {
      const block = blocks.findLast((names) => names.has(name));
      return block ? block.get(name) : readOwn(values, name);
    },
  };
}

function readOwn(values: JsonObject, name: string): Value {
  return Object.hasOwn(values, name) ? (values[name] ?? undefined) : undefined;
}

function renderBody(body: Body, rendering: Rendering): void {
  for (const part of body) {
    rendering.work.step();
    renderPart(part, rendering);
  }
}

function renderPart(part: Part, rendering: Rendering): void {
  const { work, texts, blocks } = rendering;
  switch (part.kind) {
    case 'text':
      work.write(part.text.length);
      texts.push(part.text);
      return;
    case 'output':
      texts.push(toText(valueOf(part.value, rendering), work));
      return;
    case 'set':
      blocks.at(-1)?.set(part.name, valueOf(part.value, rendering));
      return;
    case 'if': {
      const branch = part.branches.find(({ test }) => isTrue(valueOf(test, rendering), work));
      return renderBody(branch?.body ?? part.otherwise, rendering);
    }
    case 'for':
      return renderFor(part, rendering);
  }
}

function valueOf({ expression, source }: Written, rendering: Rendering): Value {
  rendering.current = source;
  return evaluate(expression, rendering);
}

type For = Extract<Part, { readonly kind: 'for' }>;

function renderFor(part: For, rendering: Rendering): void {
  const all = itemsOf(valueOf(part.items, rendering), rendering.work);
  const items = all.filter((item) => isWanted(part, item, rendering));
  if (items.length === 0) return renderBody(part.otherwise, rendering);
  items.forEach((item, index) => {
    const names = toNames(part.names, item);
    names.set('loop', toLoop(index, items.length));
    rendering.blocks.push(names);
    renderBody(part.body, rendering);
    rendering.blocks.pop();
  });
}

function isWanted({ names, only }: For, item: Json, rendering: Rendering): boolean {
  if (!only) return true;
  rendering.blocks.push(toNames(names, item));
  const isWanted = isTrue(valueOf(only, rendering), rendering.work);
  rendering.blocks.pop();
  return isWanted;
}

function toNames(names: readonly string[], item: Json): Names {
  const values = names.length === 1 ? [item] : item;
  if (!isList(values) || values.length !== names.length) {
    throw new RenderFailure(`an item does not have a value for each of ${names.join(', ')}`);
  }
  return new Map(names.map((name, index) => [name, values[index]]));
}

function toLoop(index: number, length: number): Json {
  return { index: index + 1, index0: index, first: index === 0, last: index === length - 1, length };
}
