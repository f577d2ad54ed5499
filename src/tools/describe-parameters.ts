/** Parameters out of a zod object. What cannot be written as JSON, or may be several things, is refused when the tool is defined. */
import { z } from 'zod';
import { InvalidDefinitionError } from '../errors.ts';
import type { Json, JsonObject } from '../event-log/event.ts';
import { flatten, propertiesOf, requiredOf, UnsupportedSchemaError } from './flatten-schema.ts';
import { toParameter } from './json-schema.ts';
import type { Tool, ToolParameter } from './tool.ts';

const options = z.object({
  hidden: z.boolean().optional(),
  source: z.enum(['any', 'context', 'customer']).optional(),
  significance: z.string().optional(),
  precedence: z.int().optional(),
  displayName: z.string().min(1).optional(),
});

/** Throws `InvalidDefinitionError`. `what`: the tool, as its author knows it. */
export function describeParameters(what: string, schema: z.ZodObject): Pick<Tool, 'parameters' | 'required'> {
  const root = toJsonSchema(what, schema);
  const parameters = propertiesOf(root).map(([name, property]) => {
    if (name === '__proto__')
      throw new InvalidDefinitionError(what, 'a parameter cannot be named "__proto__"');
    return [name, describe(`${what}, parameter "${name}",`, property, root)] as const;
  });
  return { parameters: Object.fromEntries(parameters), required: requiredOf(root) };
}

function describe(what: string, property: Json, root: JsonObject): ToolParameter {
  try {
    const parameter = toParameter(property, root);
    const { hidden, source, significance, precedence, displayName } = options.parse(flatten(property, root));
    return {
      ...parameter,
      ...(hidden !== undefined && { hidden }),
      ...(source !== undefined && { source }),
      ...(significance !== undefined && { significance }),
      ...(precedence !== undefined && { precedence }),
      ...(displayName !== undefined && { displayName }),
    };
  } catch (error) {
    if (error instanceof UnsupportedSchemaError) throw new InvalidDefinitionError(what, error.message);
    if (error instanceof z.ZodError)
      throw new InvalidDefinitionError(
        what,
        error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '),
      );
    throw error;
  }
}

function toJsonSchema(what: string, schema: z.ZodObject): JsonObject {
  if (!(schema instanceof z.ZodObject))
    throw new InvalidDefinitionError(what, 'its parameters must be a z.object');
  return z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    override: refuseWhatIsNoJson,
  }) as JsonObject; // plain data

  function refuseWhatIsNoJson({
    zodSchema,
    jsonSchema,
  }: {
    zodSchema: z.core.$ZodTypes;
    jsonSchema: z.core.JSONSchema.BaseSchema;
  }): void {
    const { def } = zodSchema as unknown as z.ZodType; // every schema has it, whichever of zod's interfaces made it
    if (def.type === 'date' && 'coerce' in def && def.coerce)
      Object.assign(jsonSchema, { type: 'string', format: 'date-time' });
    else if (def.type === 'date')
      throw new InvalidDefinitionError(what, 'a Date is no JSON: use z.coerce.date() or z.iso.datetime()');
    else if (notJson.has(def.type)) throw new InvalidDefinitionError(what, `z.${def.type}() is no JSON`);
  }
}

const notJson: ReadonlySet<string> = new Set([
  'bigint',
  'symbol',
  'undefined',
  'void',
  'never',
  'nan',
  'map',
  'set',
  'file',
  'function',
  'promise',
  'null',
]);
