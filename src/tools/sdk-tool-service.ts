/**
 * Tools of a server that speaks Parlant's plugin protocol. Everything is asked anew: its tools may change while it runs, and a call
 * brings what the tool now takes.
 */
import type { z } from 'zod';
import { ServiceUnavailableError, ToolNotFoundError } from '../errors.ts';
import type { JsonObject } from '../event-log/event.ts';
import { systemClock, type Clock } from '../session/clock.ts';
import { convertArguments } from './convert-arguments.ts';
import { parseJson } from './json.ts';
import { readCall } from './sdk-call.ts';
import { toolAnswer, toolsAnswer, toWireArguments } from './sdk-wire.ts';
import { readText, send } from './service-exchange.ts';
import { ServiceFault, toCallError, toServiceError } from './service-fault.ts';
import { withTimeLimit } from './time-limit.ts';
import type { ToolService } from './tool-service.ts';
import { toToolId, type Tool, type ToolContext, type ToolResult } from './tool.ts';

export type SdkToolServiceOptions = {
  readonly serviceName: string;
  /** Where the server's routes are, with a path prefix if it has one. */
  readonly url: string;
  /** Sent with every request (`authorization`). */
  readonly headers?: Readonly<Record<string, string>>;
  /** Of a call. Default 120 s. */
  readonly callTimeoutMs?: number;
  /** Of other requests. Default 30 s. */
  readonly askTimeoutMs?: number;
  /** Of one object of an answer to a call. Default 16,384. */
  readonly maxChars?: number;
  readonly clock?: Clock;
};

/** Of answers that describe tools. */
const maxBytes = 4 * 1024 * 1024;

export function createSdkToolService(options: SdkToolServiceOptions): ToolService {
  const { serviceName, headers, clock = systemClock } = options;
  const { callTimeoutMs = 120_000, askTimeoutMs = 30_000, maxChars = 16_384 } = options;
  const base = options.url.replace(/\/+$/, '');

  /** Undefined: there is no such thing. */
  async function ask<Answer>(
    path: string,
    schema: z.ZodType<Answer>,
    caller?: AbortSignal,
  ): Promise<Answer | undefined> {
    try {
      return await withTimeLimit({ clock, ms: askTimeoutMs, signal: caller }, async (signal) => {
        const response = await send({ method: 'GET', url: base + path, headers, signal });
        const text = await readText(response, { maxBytes, signal });
        if (response.status === 404) return undefined;
        if (response.status !== 200) throw new ServiceFault(`it answered ${response.status}`);
        return parseAnswer(schema, text);
      });
    } catch (error) {
      throw toServiceError(serviceName, error);
    }
  }

  async function askForTool(toolName: string, more = '', caller?: AbortSignal): Promise<Tool | undefined> {
    const path = pathOf(toolName);
    return path === undefined ? undefined : ask(path + more, toolAnswer, caller);
  }

  async function call(toolName: string, context: ToolContext, args: JsonObject): Promise<ToolResult> {
    const toolId = toToolId(serviceName, toolName);
    const tool = await askForTool(toolName, '', context.signal);
    if (!tool) throw new ToolNotFoundError(toolId);
    const converted = convertArguments(toolId, tool, args);
    try {
      return await withTimeLimit({ clock, ms: callTimeoutMs, signal: context.signal }, async (signal) => {
        const response = await send({
          method: 'POST',
          url: `${base}${pathOf(toolName)}/calls`,
          headers: { ...headers, 'idempotency-key': encodeURIComponent(context.callId) },
          body: { ...namesOf(context), arguments: toWireArguments(converted), engine_context_id: null },
          signal,
        });
        return readCall({ toolId, response, context: { ...context, signal }, maxChars });
      });
    } catch (error) {
      throw toCallError(serviceName, toolId, error);
    }
  }

  return {
    async list() {
      const tools = await ask('/tools', toolsAnswer);
      if (!tools) throw new ServiceUnavailableError(serviceName, 'it answered 404');
      return tools;
    },
    read: (toolName) => askForTool(toolName),
    resolve: (toolName, context) =>
      askForTool(toolName, `/resolve?${new URLSearchParams(namesOf(context)).toString()}`, context.signal),
    call,
    close: async () => {},
  };
}

/** Undefined: no tool can have that name, because an address would lose it. */
function pathOf(toolName: string): string | undefined {
  return ['', '.', '..'].includes(toolName) ? undefined : `/tools/${encodeURIComponent(toolName)}`;
}

function namesOf({ agentId, sessionId, customerId }: ToolContext) {
  return { agent_id: agentId, session_id: sessionId, customer_id: customerId };
}

function parseAnswer<Answer>(schema: z.ZodType<Answer>, text: string): Answer {
  const parsed = schema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new ServiceFault(`it answered what is no tool (${issue?.path.join('.')}: ${issue?.message})`);
}
