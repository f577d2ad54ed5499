/** Tools: what an agent can do besides speaking. Shapes only; who has tools is a `ToolService`. */
import type { Json, JsonObject } from '../event-log/event.ts';

/** `service:tool`; the service's name ends at the first colon. */
export type ToolId = string;

export const parameterTypes = [
  'string',
  'number',
  'integer',
  'boolean',
  'array',
  'object',
  'date',
  'datetime',
  'timedelta',
  'path',
  'uuid',
] as const;
export type ParameterType = (typeof parameterTypes)[number];

export type ToolParameter = {
  readonly type: ParameterType;
  /** Of an array. */
  readonly itemType?: ParameterType;
  /** The values it may have. */
  readonly enum?: readonly (string | number)[];
  readonly description?: string;
  readonly examples?: readonly string[];
  /** Problems with it are never shown to the customer. */
  readonly hidden?: boolean;
  /** Where its value may come from; default `any`. */
  readonly source?: 'any' | 'context' | 'customer';
  /** What it is for, told to the customer where it is missing. */
  readonly significance?: string;
  /** Lower is asked for first; default: last. */
  readonly precedence?: number;
  /** What it is called towards the customer; default: its name. */
  readonly displayName?: string;
};

export const toolOverlaps = ['none', 'auto', 'always'] as const;

export type Tool = {
  readonly name: string;
  readonly description: string;
  /** ISO 8601, UTC. */
  readonly creationUtc: string;
  readonly parameters: Readonly<Record<string, ToolParameter>>;
  readonly required: readonly string[];
  /** Whether it changes something that cannot be taken back. */
  readonly consequential: boolean;
  readonly overlap: (typeof toolOverlaps)[number];
  readonly metadata: JsonObject;
};

/** A guideline that comes with a result, for the answer that follows. */
export type ToolGuideline = {
  readonly action: string;
  readonly condition?: string;
  readonly description?: string;
  readonly priority?: number;
  readonly criticality?: 'low' | 'medium' | 'high';
};

export type ToolResult = {
  /** What the agent learns. */
  readonly data: Json;
  /** For front ends only. */
  readonly metadata: JsonObject;
  readonly control: { readonly mode?: 'auto' | 'manual'; readonly lifespan?: 'response' | 'session' };
  /** Texts (templates) the agent may answer with. */
  readonly cannedResponses: readonly string[];
  readonly cannedResponseFields: JsonObject;
  readonly guidelines: readonly ToolGuideline[];
};

/** Who calls, and how to be heard before there is a result. */
export type ToolContext = {
  readonly agentId: string;
  readonly sessionId: string;
  readonly customerId: string;
  /** The same in every attempt at this call: a service may use it as idempotency key. */
  readonly callId: string;
  readonly signal: AbortSignal;
  readonly emitMessage?: (text: string) => Promise<void>;
  readonly emitStatus?: (status: string, data: JsonObject) => Promise<void>;
  readonly emitCustom?: (data: Json) => Promise<void>;
};

export function toToolId(serviceName: string, toolName: string): ToolId {
  return `${serviceName}:${toolName}`;
}

/** Without a colon everything is the service's name, and the tool's is empty. */
export function parseToolId(toolId: ToolId): { readonly serviceName: string; readonly toolName: string } {
  const at = toolId.indexOf(':');
  if (at < 0) return { serviceName: toolId, toolName: '' };
  return { serviceName: toolId.slice(0, at), toolName: toolId.slice(at + 1) };
}
