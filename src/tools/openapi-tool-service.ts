/**
 * Tools of an HTTP API that an OpenAPI document describes: each operation is one. The document is read when it is first needed, and
 * again whenever the tools are listed.
 */
import { InvalidToolArgumentsError, ServiceUnavailableError, ToolNotFoundError } from '../errors.ts';
import { createStamps } from '../event-log/utc.ts';
import type { Json, JsonObject } from '../event-log/event.ts';
import { systemClock, type Clock } from '../session/clock.ts';
import { convertArguments } from './convert-arguments.ts';
import { parseJson } from './json.ts';
import { readOpenApi, type OpenApiOperation } from './openapi-document.ts';
import { toOpenApiRequest } from './openapi-request.ts';
import { readSource } from './openapi-source.ts';
import { readText, send } from './service-exchange.ts';
import { toCallError, toRefusedCall, toServiceError } from './service-fault.ts';
import { unlessAborted, withTimeLimit } from './time-limit.ts';
import type { ToolService } from './tool-service.ts';
import { fromData } from './tool-result.ts';
import { toToolId, type ToolContext, type ToolId, type ToolResult } from './tool.ts';

export type OpenApiToolServiceOptions = {
  readonly serviceName: string;
  /** Where the paths of the document begin; its own `servers` are not asked. */
  readonly url: string;
  /** The document as JSON: its address, or a file. */
  readonly source: string;
  /** Sent with every request (`authorization`), and to the document's address where that is on the same server. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Of a call. Default 120 s. */
  readonly callTimeoutMs?: number;
  /** Of reading the document. Default 30 s. */
  readonly askTimeoutMs?: number;
  /** Of an answer. Default 256 KB. */
  readonly maxBytes?: number;
  readonly clock?: Clock;
};

type Operations = ReadonlyMap<string, OpenApiOperation>;

export function createOpenApiToolService(options: OpenApiToolServiceOptions): ToolService {
  const { serviceName, source, headers, clock = systemClock } = options;
  const { callTimeoutMs = 120_000, askTimeoutMs = 30_000, maxBytes = 256 * 1024 } = options;
  const base = options.url.replace(/\/+$/, '');
  const stamp = createStamps(() => clock.now());
  let known: Promise<Operations> | undefined;

  async function load(): Promise<Operations> {
    try {
      return await withTimeLimit({ clock, ms: askTimeoutMs }, async (signal) => {
        const document = await readSource({ source, signal, ...(isSameOrigin(base, source) && { headers }) });
        return readOpenApi(document, stamp());
      });
    } catch (error) {
      throw toServiceError(serviceName, error);
    }
  }

  async function reload(): Promise<Operations> {
    const operations = await load();
    known = Promise.resolve(operations);
    return operations;
  }

  async function find(toolName: string): Promise<OpenApiOperation | undefined> {
    const asked = (known ??= load());
    try {
      return (await asked).get(toolName);
    } catch (error) {
      if (known === asked) known = undefined;
      throw error;
    }
  }

  async function call(toolName: string, context: ToolContext, args: JsonObject): Promise<ToolResult> {
    const toolId = toToolId(serviceName, toolName);
    const operation = await unlessAborted(context.signal, find(toolName));
    if (!operation) throw new ToolNotFoundError(toolId);
    const converted = convertArguments(toolId, operation.tool, args);
    const { path, body } = toOpenApiRequest(toolId, operation, converted);
    try {
      return await withTimeLimit({ clock, ms: callTimeoutMs, signal: context.signal }, async (signal) => {
        const response = await send({
          method: operation.method,
          url: base + path,
          headers: { ...headers, 'idempotency-key': encodeURIComponent(context.callId) },
          body,
          signal,
        });
        const text = await readText(response, { maxBytes, signal });
        if (!response.ok) throw toRefusal(toolId, response.status, text);
        return fromData(toolId, toData(response, text), { status: response.status });
      });
    } catch (error) {
      throw toCallError(serviceName, toolId, error);
    }
  }

  function toRefusal(toolId: ToolId, status: number, text: string): Error {
    const detail = text.trimStart().startsWith('<') ? '' : text.trim().slice(0, 300);
    const said = `it answered ${status}${detail && ` (${detail})`}`;
    if (status === 422) return new InvalidToolArgumentsError(toolId, said);
    if (status === 429 || status === 503) return new ServiceUnavailableError(serviceName, said);
    return toRefusedCall(toolId, status, said);
  }

  return {
    list: async () => [...(await reload()).values()].map(({ tool }) => tool),
    read: async (toolName) => (await find(toolName))?.tool,
    resolve: async (toolName, { signal }) => (await unlessAborted(signal, find(toolName)))?.tool,
    call,
    close: async () => {},
  };
}

function toData(response: Response, text: string): Json {
  const isJson = /\bjson\b/i.test(response.headers.get('content-type') ?? '');
  const data = isJson ? parseJson(text) : undefined;
  if (data !== undefined) return data;
  return text === '' ? null : text;
}

function isSameOrigin(url: string, source: string): boolean {
  return URL.canParse(url) && URL.canParse(source) && new URL(url).origin === new URL(source).origin;
}
