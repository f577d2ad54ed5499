/** What goes wrong between this program and a tool server, before it is known whose error it is. Messages end a sentence. */
import { ServiceUnavailableError, ToolFailedError } from '../errors.ts';
import type { ToolId } from './tool.ts';

/** The server was asked, and there is no proper answer: what it did is not known. */
export class ServiceFault extends Error {}

/** Nothing was done: the server was not reached, or said so. */
export class NotReachedFault extends ServiceFault {}

/** Of questions that change nothing. Another error stays what it is. */
export function toServiceError(serviceName: string, error: unknown): unknown {
  return error instanceof ServiceFault ? new ServiceUnavailableError(serviceName, error.message) : error;
}

/**
 * Of calls: only where nothing was done may the service be called unavailable, which invites to try again. `isUncertain` still knows
 * which failure it was.
 */
export function toCallError(serviceName: string, toolId: ToolId, error: unknown): unknown {
  if (error instanceof NotReachedFault) return toServiceError(serviceName, error);
  if (!(error instanceof ServiceFault)) return error;
  const failed = new ToolFailedError(toolId, error.message);
  failed.cause = error;
  return failed;
}

/** Of an answer that comes when the work is done, and cannot be used. */
export function toUnusable(toolId: ToolId, reason: string): ToolFailedError {
  const failed = new ToolFailedError(toolId, reason);
  failed.cause = new ServiceFault(reason);
  return failed;
}

/** Statuses of one that stands between, and does not know what became of the request. */
const unknownStatuses: ReadonlySet<number> = new Set([408, 502, 504]);

/** Of a call that was answered with this status, which tells of no success. */
export function toRefusedCall(toolId: ToolId, status: number, said: string): ToolFailedError {
  return unknownStatuses.has(status) ? toUnusable(toolId, said) : new ToolFailedError(toolId, said);
}

/** Whether the tool may have done its work, although its call was rejected with this: it did not say that it failed. */
export function isUncertain(error: unknown): boolean {
  const fault = error instanceof ToolFailedError ? error.cause : error;
  return fault instanceof ServiceFault && !(fault instanceof NotReachedFault);
}
