/**
 * Requests to tool servers with Node's own fetch, which is there without a library and keeps connections. Redirects are not followed:
 * whoever configured an address means that one. Bodies are bounded, and are read or cancelled.
 */
import { version } from '../version.ts';
import { NotReachedFault, ServiceFault } from './service-fault.ts';

export type ServiceRequest = {
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly signal: AbortSignal;
};

/** Throws the signal's reason, `NotReachedFault` or `ServiceFault`. The body is the caller's, to be read or cancelled. */
export async function send({ method, url, headers, body, signal }: ServiceRequest): Promise<Response> {
  const isJson = body !== undefined;
  return fetchUnredirected(url, {
    method,
    signal,
    headers: {
      'user-agent': `colloquy/${version}`,
      ...(isJson && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(isJson && { body: JSON.stringify(body) }),
  });
}

/** As `fetch`. Throws as `send` does. */
export async function fetchUnredirected(url: string | URL, init: RequestInit): Promise<Response> {
  const response = await fetch(url, { ...init, redirect: 'manual' }).catch((error: unknown) => {
    init.signal?.throwIfAborted();
    throw toFault(error);
  });
  if (response.status < 300 || response.status >= 400) return response;
  await response.body?.cancel();
  throw new NotReachedFault(`it answered ${response.status}, and redirects are not followed`);
}

/** Throws `ServiceFault` where it is longer or breaks off, or the signal's reason. */
export async function readText(
  response: Response,
  { maxBytes, signal }: { readonly maxBytes: number; readonly signal: AbortSignal },
): Promise<string> {
  let text = '';
  for await (const piece of readPieces(response, { maxBytes, signal })) text += piece;
  return text;
}

/** The body's text as it comes. Throws as `readText` does; who stops reading cancels the rest. */
export async function* readPieces(
  response: Response,
  { maxBytes, signal }: { readonly maxBytes: number; readonly signal: AbortSignal },
): AsyncGenerator<string, void, void> {
  const decoder = new TextDecoder();
  let bytes = 0;
  try {
    for await (const piece of response.body ?? []) {
      bytes += piece.byteLength;
      if (bytes > maxBytes) throw new ServiceFault(`its answer has more than ${maxBytes} bytes`);
      yield decoder.decode(piece, { stream: true });
    }
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof ServiceFault ? error : new ServiceFault(`its answer broke off (${codeOf(error)})`);
  }
  yield decoder.decode();
}

/** Errors that can come only when a connection was there. */
const afterSending: ReadonlySet<string> = new Set([
  'ECONNRESET',
  'EPIPE',
  'UND_ERR_SOCKET',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_HEADERS_OVERFLOW',
  'UND_ERR_RESPONSE',
]);

function toFault(error: unknown): ServiceFault {
  const code = codeOf(error);
  if (afterSending.has(code) || code.startsWith('HPE_') || isOfTransfer(error))
    return new ServiceFault(`there was no answer (${code})`);
  return new NotReachedFault(`there is no connection (${code})`);
}

/** The machine gave the connection up while it was in use: the same code (`ETIMEDOUT`) is told of one that was never there. */
function isOfTransfer(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  if (!(cause instanceof Error) || !('syscall' in cause)) return false;
  return cause.syscall === 'read' || cause.syscall === 'write';
}

/** Of what fetch wraps in its `TypeError`, or its message. */
function codeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(cause instanceof Error)) return String(cause);
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message;
}
