/** What can go wrong between a client and a Parlant server, one request at a time. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { WireEvent } from './parlant-events.ts';

export type Fault =
  /** Answered so; nothing else is done. */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly body?: string;
      readonly contentType?: string;
    }
  /** Answered with 200 and this text; nothing else is done. */
  | { readonly kind: 'text'; readonly text: string; readonly contentType?: string }
  /** The connection is reset before the request's body is read; nothing is done. */
  | { readonly kind: 'resetBefore' }
  /** It is done, then the connection is reset instead of an answer. */
  | { readonly kind: 'resetAfter' }
  /** It is done; the answer's body is broken off after so many bytes (default: half of it). */
  | { readonly kind: 'cut'; readonly after?: number }
  /** It is done; the answer's body begins and never goes on. */
  | { readonly kind: 'trickle' }
  /** It is done; no answer ever comes. */
  | { readonly kind: 'silence' }
  /** The answer is no HTTP. */
  | { readonly kind: 'noHttp' }
  /** A list is changed on its way out: repeated, reordered, misshapen. */
  | { readonly kind: 'list'; readonly change: (events: readonly WireEvent[]) => unknown };

/** What happens instead of doing anything; false when it is to be done. */
export function failBefore(fault: Fault | undefined, req: IncomingMessage, res: ServerResponse): boolean {
  switch (fault?.kind) {
    case 'status':
      send(res, fault.status, fault.body ?? '{"detail":"no"}', fault.contentType);
      return true;
    case 'text':
      send(res, 200, fault.text, fault.contentType);
      return true;
    case 'resetBefore':
      req.socket.resetAndDestroy();
      return true;
    case 'noHttp':
      req.socket.end('it is not HTTP\r\n\r\n');
      return true;
    default:
      return false;
  }
}

/** The answer, or what becomes of it on the way. */
export function answer(fault: Fault | undefined, res: ServerResponse, status: number, body: unknown): void {
  const changed = fault?.kind === 'list' && Array.isArray(body) ? fault.change(body as WireEvent[]) : body;
  const text = JSON.stringify(changed);
  if (fault?.kind === 'resetAfter') res.socket?.resetAndDestroy();
  else if (fault?.kind === 'cut' || fault?.kind === 'trickle') begin(fault, res, status, text);
  else if (fault?.kind !== 'silence') send(res, status, text);
}

function begin(
  fault: Fault & { kind: 'cut' | 'trickle' },
  res: ServerResponse,
  status: number,
  text: string,
): void {
  const bytes = Buffer.from(text);
  const length = fault.kind === 'cut' ? (fault.after ?? bytes.length >> 1) : 1;
  res.writeHead(status, { 'content-type': 'application/json', 'content-length': bytes.length });
  res.write(bytes.subarray(0, length), () => {
    if (fault.kind === 'cut') res.socket?.end();
  });
}

function send(res: ServerResponse, status: number, text: string, contentType = 'application/json'): void {
  if (res.destroyed) return;
  res.writeHead(status, { 'content-type': contentType, 'content-length': Buffer.byteLength(text) }).end(text);
}
