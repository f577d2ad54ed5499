/** The answer of a plugin server to a call: what the session is told on the way, then the result, or why there is none. */
import {
  InvalidToolArgumentsError,
  ServiceUnavailableError,
  ToolFailedError,
  ToolNotFoundError,
} from '../errors.ts';
import type { JsonObject } from '../event-log/event.ts';
import { isObject, parseJson } from './json.ts';
import { createJsonDocuments } from './json-documents.ts';
import { readPieces, readText } from './service-exchange.ts';
import { ServiceFault, toRefusedCall } from './service-fault.ts';
import { fromWire } from './tool-result.ts';
import { parseToolId, type ToolContext, type ToolId, type ToolResult } from './tool.ts';

/** Of the whole answer: a server that only ever tells things is cut by its time. */
const maxBytes = 4 * 1024 * 1024;
const maxErrorBytes = 64 * 1024;

export type AnsweredCall = {
  readonly toolId: ToolId;
  readonly response: Response;
  /** Its signal also ends the reading. */
  readonly context: ToolContext;
  /** Of one object. */
  readonly maxChars: number;
};

/** `ToolNotFoundError`, `InvalidToolArgumentsError`, `ServiceUnavailableError`, `ToolFailedError`, `ServiceFault`. */
export async function readCall(answered: AnsweredCall): Promise<ToolResult> {
  const { toolId, response, context, maxChars } = answered;
  if (response.status !== 200) throw await toRefusal(answered);
  const documents = createJsonDocuments({ maxChars });
  for await (const piece of readPieces(response, { maxBytes, signal: context.signal })) {
    for (const document of documents.push(piece)) {
      const result = await heed(toolId, document, context);
      if (result) return result;
    }
  }
  documents.end();
  throw new ServiceFault('its answer ended without a result');
}

/** The result, or undefined where the object is something to be told on the way. */
async function heed(
  toolId: ToolId,
  document: JsonObject,
  context: ToolContext,
): Promise<ToolResult | undefined> {
  const { result, error, status, data, message, custom } = document;
  if (result !== undefined) return fromWire(toolId, result);
  if (error !== undefined) throw new ToolFailedError(toolId, toLine(error));
  if (typeof status === 'string') await context.emitStatus?.(status, isObject(data) ? data : {});
  else if (typeof message === 'string') await context.emitMessage?.(message);
  else if (custom !== undefined) await context.emitCustom?.(custom);
  else throw new ServiceFault('its answer is none that the protocol knows');
  return undefined;
}

async function toRefusal({ toolId, response, context: { signal } }: AnsweredCall): Promise<Error> {
  const { status } = response;
  const detail = explain(await readText(response, { maxBytes: maxErrorBytes, signal }));
  switch (status) {
    case 404:
      return new ToolNotFoundError(toolId);
    case 422:
      return new InvalidToolArgumentsError(toolId, detail || 'the service refuses its arguments');
    case 429:
    case 503:
      return new ServiceUnavailableError(parseToolId(toolId).serviceName, `it answered ${status}`);
    default:
      return toRefusedCall(toolId, status, `it answered ${status}${detail && ` (${detail})`}`);
  }
}

/** What a refusal says: a text, or the last line of a stack. */
function explain(text: string): string {
  const body = parseJson(text);
  const detail = isObject(body) ? body['detail'] : undefined;
  return toLine(Array.isArray(detail) ? detail.at(-1) : detail);
}

function toLine(detail: unknown): string {
  if (detail === undefined) return '';
  const line = typeof detail === 'string' ? detail : JSON.stringify(detail);
  return line.trim().replace(/\.$/, '').slice(0, 300);
}
