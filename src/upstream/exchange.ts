/**
 * One request and its whole answer. Bodies are always read or destroyed, so that a connection is never left in the middle of one. What
 * happens to the connection is a value; only the signal's own reason is thrown.
 */
import type { Dispatcher } from 'undici';
import { type FailedAt, toConnectionError, TookTooLongError } from './failures.ts';
import type { UpstreamError } from './upstream.ts';

export type Request = {
  readonly dispatcher: Dispatcher;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal;
  /** From the sending to the head of the answer. */
  readonly headTimeoutMs: number;
  /** Of a stream: between two pieces of the body. Else: for the whole body. */
  readonly bodyTimeoutMs: number;
  /** Whether an error came from making the connection: then nothing was sent. */
  readonly isConnectFailure: (error: unknown) => boolean;
};

/** `request` is its method and path, for messages. */
export type Answer = {
  readonly kind: 'answer';
  readonly status: number;
  readonly text: string;
  readonly request: string;
};
export type Broken = { readonly kind: 'broken'; readonly at: FailedAt; readonly error: UpstreamError };
export type Head = { readonly kind: 'head'; readonly status: number; readonly body: Body };
type Body = Dispatcher.ResponseData['body'];

/** Sends, and waits for the head. The body is the caller's, to be read or destroyed. */
export async function send(request: Request): Promise<Head | Broken> {
  const { dispatcher, method, path, headers, body, signal } = request;
  try {
    const answer = await dispatcher.request({
      method,
      path,
      headers,
      body: body ?? null,
      signal,
      headersTimeout: request.headTimeoutMs,
      bodyTimeout: request.bodyTimeoutMs,
    });
    return { kind: 'head', status: answer.statusCode, body: answer.body };
  } catch (cause) {
    signal.throwIfAborted();
    return toBroken(request, cause, request.isConnectFailure(cause) ? 'connect' : 'head');
  }
}

/** Sends, and reads the whole answer. */
export async function exchange(request: Request): Promise<Answer | Broken> {
  const head = await send(request);
  if (head.kind === 'broken') return head;
  const { status, body } = head;
  try {
    const text = await readText(body, request.bodyTimeoutMs);
    return { kind: 'answer', status, text, request: nameOf(request) };
  } catch (cause) {
    request.signal.throwIfAborted();
    // Of a refusal only the status is needed.
    if (status >= 300) return { kind: 'answer', status, text: '', request: nameOf(request) };
    return toBroken(request, cause, 'body');
  }
}

async function readText(body: Body, timeoutMs: number): Promise<string> {
  const timer = setTimeout(() => body.destroy(new TookTooLongError()), timeoutMs);
  try {
    return await body.text();
  } finally {
    clearTimeout(timer);
  }
}

export function toBroken(request: Pick<Request, 'method' | 'path'>, cause: unknown, at: FailedAt): Broken {
  return { kind: 'broken', at, error: toConnectionError(cause, at, nameOf(request)) };
}

/** Method and path, without the query. */
export function nameOf({ method, path }: Pick<Request, 'method' | 'path'>): string {
  return `${method} ${path.split('?', 1)[0]}`;
}

/**
 * The signal, or the end of a time, while `work` is under way. Not `AbortSignal.any`, which leaves a trace in a long-lived signal until
 * the garbage collector comes.
 */
export async function withTimeLimit<T>(
  { signal, ms }: { readonly signal: AbortSignal; readonly ms: number },
  work: (limited: AbortSignal) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new TookTooLongError()), ms);
  const giveUp = (): void => controller.abort(signal.reason);
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    return await work(controller.signal);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', giveUp);
  }
}
