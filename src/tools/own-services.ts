/**
 * Tool services that a program names in its code or configuration. Beside what can be stored they may have headers, files and programs to
 * start: none of that is ever taken over HTTP.
 */
import { z } from 'zod';
import { InvalidDefinitionError } from '../errors.ts';
import { connectToolService, type OwnToolService } from './connect-tool-service.ts';
import { localServiceName } from './define-tool.ts';
import { isObject } from './json.ts';
import type { ToolService } from './tool-service.ts';

/** By name: the first half of the ids of their tools. */
export type OwnToolServices = Readonly<Record<string, OwnToolService>>;

const address = z
  .string()
  .refine((url) => /^https?:\/\//i.test(url) && URL.canParse(url), 'must be an http:// or https:// address');
const texts = z.record(z.string(), z.string());
const command = z.string().min(1);

const schema = z.union(
  [
    z.strictObject({ kind: z.literal('sdk'), url: address, headers: texts.exactOptional() }),
    z.strictObject({ kind: z.literal('mcp'), url: address, headers: texts.exactOptional() }),
    z.strictObject({
      kind: z.literal('mcp'),
      command,
      args: z.array(z.string()).exactOptional(),
      env: texts.exactOptional(),
      cwd: z.string().min(1).exactOptional(),
    }),
    z.strictObject({
      kind: z.literal('openapi'),
      url: address,
      source: z.string().min(1),
      headers: texts.exactOptional(),
    }),
  ],
  {
    error:
      'it must be { kind: "sdk", url }, { kind: "mcp", url }, { kind: "mcp", command } or { kind: "openapi", url, source }',
  },
);

/** Nothing is connected to yet. Throws `InvalidDefinitionError`. */
export function createOwnServices(given: OwnToolServices = {}): ReadonlyMap<string, ToolService> {
  if (!isObject(given)) throw new InvalidDefinitionError('tool services', 'they must be an object, by name');
  return new Map(Object.entries(given).map(([name, service]) => [name, create(name, service)]));
}

function create(serviceName: string, given: unknown): ToolService {
  const what = `the tool service "${serviceName}"`;
  if (serviceName === localServiceName)
    throw new InvalidDefinitionError(what, 'the functions of the program have this name');
  if (serviceName === '' || serviceName.includes(':'))
    throw new InvalidDefinitionError(what, 'its name must have at least one character and no colon');
  const parsed = schema.safeParse(given);
  if (parsed.success) return connectToolService(serviceName, parsed.data);
  const [issue] = parsed.error.issues;
  throw new InvalidDefinitionError(what, [issue?.path.join('.'), issue?.message].join(' ').trim());
}
