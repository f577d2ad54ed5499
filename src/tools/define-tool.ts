/**
 * Tools as functions of the program: a name, parameters as a zod object, a handler. What zod cannot say of a parameter stands in its
 * `.meta({ hidden, source, significance, precedence, displayName, examples })`.
 */
import { z } from 'zod';
import { InvalidDefinitionError, InvalidToolArgumentsError, ToolFailedError } from '../errors.ts';
import { createStamps } from '../event-log/utc.ts';
import type { JsonObject } from '../event-log/event.ts';
import { convertArguments } from './convert-arguments.ts';
import { describeParameters } from './describe-parameters.ts';
import { fromHandler } from './tool-result.ts';
import { toToolId, type Tool, type ToolContext, type ToolId, type ToolResult } from './tool.ts';

/** The service of the tools of the program. */
export const localServiceName = 'local';

/** The values a parameter may have in this session. */
export type ChoiceProvider = (
  context: ToolContext,
) => readonly (string | number)[] | Promise<readonly (string | number)[]>;

export type ToolOptions<Parameters extends z.ZodObject> = {
  /** Without colon; unique in the program. */
  readonly name: string;
  readonly description?: string;
  /** Default: none. Values arrive as texts and JSON and are converted before zod sees them. */
  readonly parameters?: Parameters;
  /** Returns the data (JSON), or a whole `toolResult`. What it throws fails the call, not the turn. */
  readonly handler: (args: z.output<Parameters>, context: ToolContext) => unknown;
  /** Whether it changes something that cannot be taken back. Default false. */
  readonly consequential?: boolean;
  /** Default `auto`: as its relationships say. */
  readonly overlap?: Tool['overlap'];
  readonly metadata?: JsonObject;
  /** By parameter: asked anew for every session. */
  readonly choices?: { readonly [Name in keyof z.input<Parameters>]?: ChoiceProvider };
};

/** A tool that is ready to be added to the local service. */
export type LocalTool = {
  /** `local:name`. */
  readonly id: ToolId;
  readonly tool: Tool;
  /** The tool with its choices in this session. `ToolFailedError`. */
  readonly resolve: (context: ToolContext) => Promise<Tool>;
  /** `InvalidToolArgumentsError`, `ToolFailedError`. */
  readonly call: (context: ToolContext, args: JsonObject) => Promise<ToolResult>;
};

const stamp = createStamps(Date.now);

/** Throws `InvalidDefinitionError`. */
export function tool<Parameters extends z.ZodObject = z.ZodObject<Record<string, never>>>(
  options: ToolOptions<Parameters>,
): LocalTool {
  const { name, handler } = options;
  const schema = options.parameters ?? z.object({});
  const described = describe(options, schema);
  const id = toToolId(localServiceName, name);
  const choices = Object.entries<ChoiceProvider | undefined>(options.choices ?? {});

  async function resolve(context: ToolContext): Promise<Tool> {
    const parameters = { ...described.parameters };
    for (const [parameter, provide] of choices) {
      const known = parameters[parameter];
      if (known && provide)
        parameters[parameter] = { ...known, enum: [...(await perform(id, () => provide(context)))] };
    }
    return { ...described, parameters };
  }

  return {
    id,
    tool: described,
    resolve,
    async call(context, args) {
      const resolved = choices.length > 0 ? await resolve(context) : described;
      const converted = convertArguments(id, resolved, args);
      const given = await perform(id, () => withoutNulls(converted, schema, described));
      const parsed = await perform(id, () => schema.safeParseAsync(given));
      if (!parsed.success) throw new InvalidToolArgumentsError(id, complaints(parsed.error));
      const data = parsed.data as z.output<Parameters>; // `schema` is `Parameters`, if there are any
      const returned = await perform(id, () => handler(data, context));
      return fromHandler(id, returned);
    },
  };
}

function describe<Parameters extends z.ZodObject>(
  options: ToolOptions<Parameters>,
  schema: z.ZodObject,
): Tool {
  const { name, description = '', consequential = false, overlap = 'auto', metadata = {} } = options;
  const what = `the tool "${name}"`;
  checkName(what, name);
  const { parameters, required } = describeParameters(what, schema);
  for (const parameter of Object.keys(options.choices ?? {})) {
    if (!Object.hasOwn(parameters, parameter))
      throw new InvalidDefinitionError(what, `it has choices for "${parameter}", which is no parameter`);
  }
  return { name, description, creationUtc: stamp(), parameters, required, consequential, overlap, metadata };
}

function checkName(what: string, name: unknown): void {
  const isName = typeof name === 'string' && /^[^:\p{Cc}]{1,200}$/u.test(name) && name.trim() === name;
  if (!isName)
    throw new InvalidDefinitionError(
      what,
      'its name must be 1 to 200 characters without colon, control characters, or blanks around it',
    );
}

/** What the program's own function throws is a failure of the tool. */
async function perform<Result>(id: ToolId, work: () => Result): Promise<Awaited<Result>> {
  try {
    return await work();
  } catch (error) {
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    throw new ToolFailedError(id, reason.replace(/\.$/, ''));
  }
}

/** Null for a parameter that may be absent and cannot be null means that it is absent: that is how models leave it out. */
async function withoutNulls(args: JsonObject, schema: z.ZodObject, { required }: Tool): Promise<JsonObject> {
  const kept = { ...args };
  for (const [name, value] of Object.entries(args)) {
    if (value !== null || required.includes(name)) continue;
    if (!(await schema.shape[name]?.safeParseAsync(null))?.success) Reflect.deleteProperty(kept, name);
  }
  return kept;
}

function complaints({ issues }: z.ZodError): string {
  return issues.map(({ path, message }) => `${path.join('.')} ${message}`.trim()).join('; ');
}
