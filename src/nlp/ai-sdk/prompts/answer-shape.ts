/**
 * What an answer looks like, explained field by field. From one explanation come the text that a prompt ends with and the JSON schema
 * that providers hold their models to. Strict ones want every field there is, and no other; so everything that may be absent must be
 * there, and is null only where null says something.
 */
import { z } from 'zod';

const isLeaf = Symbol('leaf');

/** A field that holds a text, a number or a yes or no. A bare text is the same as `{ text }`. */
export type Leaf =
  | string
  | {
      readonly [isLeaf]: true;
      readonly text: string;
      readonly orNull?: boolean;
      readonly choices?: readonly string[];
    };

/** Every field of `T`, explained. Fields of a record are those that this question asks for. */
export type Explained<T> = [NonNullable<T>] extends [readonly (infer Item)[]]
  ? readonly [Explained<Item>]
  : [NonNullable<T>] extends [object]
    ? { readonly [Field in keyof NonNullable<T>]-?: Explained<NonNullable<T>[Field]> }
    : Leaf;

/** Where null says something. */
export function orNull(text: string): Leaf {
  return { [isLeaf]: true, text, orNull: true };
}

/** One of these words; with `null` among them: or none. */
export function oneOf(choices: readonly (string | null)[], text: string): Leaf {
  const words = choices.filter((choice) => choice !== null);
  return { [isLeaf]: true, text, choices: words, orNull: words.length < choices.length };
}

type TypeName = 'object' | 'array' | 'string' | 'boolean' | 'number' | 'integer' | 'null';

/** The part of JSON schema that is used here. */
export type WireSchema = {
  readonly type?: TypeName;
  readonly description?: string;
  readonly enum?: string[];
  readonly properties?: { readonly [field: string]: WireSchema };
  readonly required?: string[];
  readonly additionalProperties?: false;
  readonly items?: WireSchema;
  readonly anyOf?: WireSchema[];
};

/** Of whatever answer. */
export type AnyExplained = Leaf | readonly [AnyExplained] | { readonly [field: string]: AnyExplained };

/** The schema of `answer`, as strict as providers want it, with the explanations in it. */
export function toWireSchema(answer: z.ZodType, explained: AnyExplained): WireSchema {
  const schema: unknown = z.toJSONSchema(answer);
  return explain(schema as FromZod, explained); // of zod's own making; only what answers have is looked at
}

type FromZod = {
  readonly type?: TypeName | readonly TypeName[];
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, FromZod>>;
  readonly additionalProperties?: FromZod | false;
  readonly items?: FromZod;
  readonly anyOf?: readonly FromZod[];
};

function explain(schema: FromZod, explained: AnyExplained): WireSchema {
  const known = schema.anyOf?.find(({ type }) => type !== 'null') ?? schema; // that it may be absent is another matter
  if (isList(explained)) return { type: 'array', items: explain(known.items ?? {}, explained[0]) };
  if (isExplainedLeaf(explained)) return explainLeaf(known, explained);
  const fields = Object.entries(explained).map(([field, each]) => {
    const fieldSchema = known.properties?.[field] ?? (known.additionalProperties || {});
    return [field, explain(fieldSchema, each)] as const;
  });
  return {
    type: 'object',
    properties: Object.fromEntries(fields),
    required: fields.map(([field]) => field),
    additionalProperties: false,
  };
}

function explainLeaf({ type: types = 'string', enum: values }: FromZod, leaf: Leaf): WireSchema {
  const type = [types].flat().find((each) => each !== 'null') ?? 'string';
  const { text, orNull, choices = values } = typeof leaf === 'string' ? { text: leaf } : leaf;
  const plain: WireSchema = { type, ...(choices && { enum: [...choices] }) };
  return orNull ? { anyOf: [plain, { type: 'null' }], description: text } : { ...plain, description: text };
}

function isList(explained: AnyExplained): explained is readonly [AnyExplained] {
  return Array.isArray(explained);
}

function isExplainedLeaf(explained: AnyExplained): explained is Leaf {
  return typeof explained === 'string' || isLeaf in explained;
}

/** As text for a model: the JSON with an explanation in place of each value. */
export function drawShape(schema: WireSchema, indent = ''): string {
  const inner = `${indent}  `;
  if (schema.items) return `[\n${inner}${drawShape(schema.items, inner)}, …\n${indent}]`;
  if (!schema.properties) return drawLeaf(schema);
  const fields = Object.entries(schema.properties).map(
    ([field, each]) => `${inner}${JSON.stringify(field)}: ${drawShape(each, inner)}`,
  );
  return `{\n${fields.join(',\n')}\n${indent}}`;
}

function drawLeaf(schema: WireSchema): string {
  const { description, anyOf = [schema] } = schema;
  const kinds = anyOf.flatMap(
    ({ type, enum: words }) => words?.map((word) => JSON.stringify(word)) ?? [typeNames[type ?? 'string']],
  );
  return `<${kinds.join(' | ')}: ${description}>`;
}

const typeNames: Readonly<Record<TypeName, string>> = {
  string: 'text',
  boolean: 'true | false',
  number: 'number',
  integer: 'whole number',
  null: 'null',
  object: 'object',
  array: 'list',
};
