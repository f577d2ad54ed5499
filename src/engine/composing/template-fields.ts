/**
 * Where the values of templates come from: the conversation itself (`std`), what tools found out, what handlers of the program added, and
 * what a model writes for one answer (`generative`). The first source that has a name wins.
 */
import type { CannedResponse } from '../../entities/collections/canned-response.ts';
import type { Json, JsonObject, SessionEvent } from '../../event-log/event.ts';
import type { Situation } from '../../nlp/questions/situation.ts';
import { renderTemplate, type Rendered } from '../../templates/render.ts';
import type { Template } from '../../templates/syntax.ts';
import type { StagedResult, ToolInsights } from '../turn-context.ts';
import type { ReadTemplate } from './template-reader.ts';
import { toolCallsOf } from './tool-calls.ts';

/** What a turn knows that can stand in a template. */
export type FieldSources = {
  readonly situation: Pick<Situation, 'agent' | 'customer' | 'variables' | 'terms'>;
  readonly insights: Pick<ToolInsights, 'missing' | 'invalid'>;
  /** Of this turn, in order. */
  readonly staged: readonly Pick<StagedResult, 'result'>[];
  /** Of the session, oldest first. */
  readonly events: readonly Pick<SessionEvent, 'kind' | 'data'>[];
  /** By handlers of the program. */
  readonly responseFields: JsonObject;
};

export type TemplateFields = {
  /** Top-level names there are. A value may still be missing: null, or not written by the model. */
  readonly available: ReadonlySet<string>;
  /** Undefined: there is none; null does not count. Knows nothing of `generative`, unless a tool or a handler does. */
  read(name: string): Json | undefined;
};

export function collectFields(sources: FieldSources): TemplateFields {
  const { staged, events, responseFields } = sources;
  const inOrder: readonly JsonObject[] = [
    { std: toStandardFields(sources) },
    ...staged.map(({ result }) => result.cannedResponseFields),
    ...events
      .toReversed()
      .flatMap((event) => toolCallsOf(event).map(({ result }) => result.canned_response_fields ?? {})),
    responseFields,
  ];
  return {
    available: new Set(['generative', ...inOrder.flatMap((fields) => Object.keys(fields))]),
    read(name) {
      const having = inOrder.find((fields) => Object.hasOwn(fields, name) && fields[name] !== null);
      return having?.[name];
    },
  };
}

/** Those whose every field is there: what stands in the template, and what they declare besides. */
export function sendableResponses<Response extends Pick<CannedResponse, 'value' | 'fieldDependencies'>>(
  responses: readonly Response[],
  { available }: Pick<TemplateFields, 'available'>,
  readTemplate: ReadTemplate,
): readonly Response[] {
  return responses.filter(({ value, fieldDependencies }) => {
    const needed = readTemplate(value)?.undeclaredNames;
    return needed !== undefined && [...needed, ...fieldDependencies].every((name) => available.has(name));
  });
}

/** `generated`: by name, what a model wrote for the template's `generativeFields`; null: it could not. */
export function fillTemplate(
  template: Template,
  fields: Pick<TemplateFields, 'read'>,
  generated: Readonly<Record<string, string | null>> = {},
): Rendered {
  const own = template.undeclaredNames.flatMap((name) => {
    const value =
      fields.read(name) ?? (name === 'generative' ? toGenerative(template, generated) : undefined);
    return value === undefined ? [] : [[name, value] as const];
  });
  return renderTemplate(template, Object.fromEntries(own));
}

/** Undefined where one of them is missing, or none is named: a text with a gap is not sent. */
function toGenerative(
  { generativeFields }: Template,
  generated: Readonly<Record<string, string | null>>,
): JsonObject | undefined {
  const written = generativeFields.map(
    (name) => [name, Object.hasOwn(generated, name) ? generated[name] : null] as const,
  );
  const isWhole = written.every((entry): entry is readonly [string, string] => typeof entry[1] === 'string');
  return isWhole && written.length > 0 ? Object.fromEntries(written) : undefined;
}

function toStandardFields({ situation, insights }: FieldSources): JsonObject {
  const { agent, customer, variables, terms } = situation;
  return {
    customer: { name: customer.name },
    agent: { name: agent.name },
    variables: Object.fromEntries(variables.map(({ name, value }) => [name, value])),
    glossary: Object.fromEntries(terms.map(({ name, description }) => [name, description])),
    missing_params: insights.missing.map(({ parameter }) => parameter),
    invalid_params: Object.fromEntries(
      insights.invalid.map(({ parameter, value = null }) => [parameter, value]),
    ),
  };
}
