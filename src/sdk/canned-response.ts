/** Canned responses, as programs write them: texts an agent may send as they stand, with fields that are filled in. */
import { z } from 'zod';
import { cannedResponseCollection, type ResponseField } from '../entities/collections/canned-response.ts';
import { InvalidDefinitionError, InvalidTemplateError } from '../errors.ts';
import type { JsonObject } from '../event-log/event.ts';
import { parseTemplate } from '../templates/parse-template.ts';
import { checkOptions, named } from './check-options.ts';
import { definedId, demandHandles, type Draft } from './draft.ts';
import { jsonObject, chosenId, statement, text, texts, things, toJson } from './options.ts';
import { PREAMBLE, toTagIds, type DefinedTag } from './tag.ts';

export type CannedResponseOptions = {
  /** The text, with fields as `{{std.customer.name}}`; see docs/engine.md. */
  readonly template: string;
  /** What the agent might want to say when this is the response to choose. */
  readonly signals?: readonly string[];
  /** Says what the fields mean; for people and models. */
  readonly fields?: readonly (Pick<ResponseField, 'name'> & Partial<ResponseField>)[];
  /** Names that must be known besides those in the template. */
  readonly fieldDependencies?: readonly string[];
  /** Of the message that is made of it. */
  readonly metadata?: JsonObject;
  readonly tags?: readonly (DefinedTag | typeof PREAMBLE)[];
  /** Default: made of who has it, and the template. */
  readonly id?: string;
};

export type DefinedCannedResponse = {
  readonly kind: 'cannedResponse';
  readonly id: string;
  readonly template: string;
};

/** `ownerTag`: of the agent or journey it belongs to; undefined: everybody's, until it is attached to something. */
export type ResponseScope = { readonly ownerTag?: string };

const field = z.strictObject(
  {
    name: statement({ max: 200 }),
    description: text().optional(),
    examples: texts.optional(),
  } satisfies Record<keyof ResponseField, z.ZodType>,
  { error: 'must be an object with a name' },
);

const schema = z.strictObject({
  template: statement(),
  signals: texts.optional(),
  fields: z.array(field, { error: 'must be a list' }).optional(),
  fieldDependencies: texts.optional(),
  metadata: jsonObject.optional(),
  tags: things.optional(),
  id: chosenId.optional(),
} satisfies Record<keyof CannedResponseOptions, z.ZodType>);

/** Throws `InvalidDefinitionError`. */
export function createCannedResponse(
  draft: Draft,
  { ownerTag }: ResponseScope,
  options: CannedResponseOptions,
): DefinedCannedResponse {
  const what = named('canned response', (options as Partial<CannedResponseOptions> | undefined)?.template); // not checked yet
  checkOptions(what, schema, options);
  const { template, signals = [], fields = [], fieldDependencies = [], tags = [] } = options;
  checkTemplate(what, template);
  const ordinary = tags.filter((tag): tag is DefinedTag => tag !== PREAMBLE);
  const tagIds = [
    ...toTagIds(draft, ordinary, what),
    ...(ordinary.length < tags.length ? [PREAMBLE.id] : []),
  ];
  const id = options.id ?? newId(draft, ownerTag ?? null, template);
  draft.add(cannedResponseCollection, {
    id,
    what,
    fields: {
      value: template,
      fields: fields.map(({ name, description = '', examples = [] }) => ({
        name,
        description,
        examples: [...examples],
      })),
      signals: [...signals],
      metadata: toJson(options.metadata ?? {}),
      fieldDependencies: [...new Set(fieldDependencies)],
      tags: [...(ownerTag === undefined ? [] : [ownerTag]), ...tagIds],
    },
  });
  return draft.handle({ kind: 'cannedResponse', id, template });
}

/** Throws `InvalidDefinitionError`. */
export function demandResponses(
  draft: Draft,
  given: readonly unknown[],
  what: string,
): readonly DefinedCannedResponse[] {
  const wanted = 'a canned response (createCannedResponse makes one)';
  return demandHandles<DefinedCannedResponse>(draft, given, { kinds: ['cannedResponse'], wanted, what });
}

/** `tag`: of the guideline or the state they may be sent for. */
export function attachResponses(
  draft: Draft,
  responses: readonly DefinedCannedResponse[],
  tag: string,
): void {
  for (const { id } of responses) {
    draft.change(cannedResponseCollection, id, (fields) => ({
      ...fields,
      tags: [...new Set([...fields.tags, tag])],
    }));
  }
}

function checkTemplate(what: string, template: string): void {
  try {
    parseTemplate(template);
  } catch (error) {
    if (!(error instanceof InvalidTemplateError)) throw error;
    const reason = error.message.replace(/^value: ".*" is no template/s, 'its template cannot be read');
    throw new InvalidDefinitionError(what, reason.replace(/\.$/, ''));
  }
}

function newId(draft: Draft, ownerTag: string | null, template: string): string {
  const equals = draft.countEqual(['canned response', ownerTag, template]);
  return definedId('canned response', ownerTag, template, equals);
}
