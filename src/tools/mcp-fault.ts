/** What the MCP client throws, as what it means. Its classes are not loaded with this file: they are known by their codes. */
import { InvalidToolArgumentsError, ToolFailedError } from '../errors.ts';
import { NotReachedFault, ServiceFault } from './service-fault.ts';
import type { ToolId } from './tool.ts';

/** JSON-RPC: the arguments do not fit, or there is no such tool. */
const invalidParams = -32602;
/** What the client says when nothing was sent. */
const unsent: ReadonlySet<unknown> = new Set(['NOT_CONNECTED', 'SEND_FAILED', 'ERA_NEGOTIATION_FAILED']);
/** Statuses of a server that did nothing. */
const undone: ReadonlySet<unknown> = new Set([400, 401, 403, 404, 405, 406, 415, 429, 503]);

/** Our own where the client only handed it on; a fault where the connection or the server failed. */
export function toMcpFault(error: unknown): unknown {
  const own = causesOf(error).find((cause) => cause instanceof ServiceFault);
  if (own) return own;
  if (!(error instanceof Error)) return error;
  const { code, status } = facts(error);
  if (typeof code === 'number') return new ServiceFault(`it answered: ${toLine(error.message)}`);
  const Fault = unsent.has(code) || undone.has(status) ? NotReachedFault : ServiceFault;
  return new Fault(status === undefined ? toLine(error.message) : `it answered ${Number(status)}`);
}

/** Of a call: an answer that refuses it is the tool's. */
export function toMcpCallFault(toolId: ToolId, error: unknown): unknown {
  const { code } = facts(error);
  if (typeof code !== 'number') return toMcpFault(error);
  const message = error instanceof Error ? toLine(error.message) : `error ${code}`;
  if (code === invalidParams) return new InvalidToolArgumentsError(toolId, message);
  return new ToolFailedError(toolId, message);
}

/** The server does not know the session (it was started anew), or the connection is gone: then nothing was done. */
export function isLostSession(error: unknown): boolean {
  const { code, status } = facts(error);
  return code === 'NOT_CONNECTED' || status === 404 || status === 400;
}

/** One line, without the stop that the message's sentence has. */
export function toLine(text: string): string {
  return text.trim().replaceAll(/\s+/g, ' ').replace(/\.$/, '').slice(0, 300);
}

function facts(error: unknown): { readonly code?: unknown; readonly status?: unknown } {
  return typeof error === 'object' && error !== null ? error : {};
}

function causesOf(error: unknown): readonly unknown[] {
  const causes: unknown[] = [];
  for (let cause = error; cause instanceof Error && causes.length < 8; cause = cause.cause)
    causes.push(cause);
  return causes;
}
