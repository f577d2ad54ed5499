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

/** Whether the tool may have done its work, although its call was rejected with this: it did not say that it failed. */
export function isUncertain(error: unknown): boolean {
  const fault = error instanceof ToolFailedError ? error.cause : error;
  return fault instanceof ServiceFault && !(fault instanceof NotReachedFault);
}
