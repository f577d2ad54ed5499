/**
 * A connection to an MCP server: over HTTP, or to a program that is started and spoken to over stdin and stdout. The official client is
 * loaded here, when the first tool is asked for: it takes 35 MB.
 */
import type { Client } from '@modelcontextprotocol/client';
import { version } from '../version.ts';
import { fetchUnredirected } from './service-exchange.ts';
import { ServiceFault } from './service-fault.ts';

export type McpHttpServer = {
  /** Of the endpoint; without a path `/mcp` is meant. */
  readonly url: string;
  /** Sent with every request (`authorization`). */
  readonly headers?: Readonly<Record<string, string>>;
};

/** Only ever of the program's own making: whoever names a command runs it. */
export type McpProgram = {
  readonly command: string;
  readonly args?: readonly string[];
  /** Beside what every program needs (PATH, HOME and the like); nothing else of ours is handed on. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
};

export type McpTarget = McpHttpServer | McpProgram;

/** Of one answer, or of one message of a program. */
const maxBytes = 4 * 1024 * 1024;

/** Connected. Throws what the client throws, and leaves nothing open then. */
export async function connectMcp(target: McpTarget, signal: AbortSignal): Promise<Client> {
  const { Client } = await import('@modelcontextprotocol/client');
  const client = new Client(
    { name: 'colloquy', version },
    // Asks an HTTP server which protocol it speaks. Of a program it would start a second one to ask.
    'url' in target ? { versionNegotiation: { mode: 'auto' } } : {},
  );
  const giveUp = (): void => void client.close();
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    await client.connect(await createTransport(target), { signal });
    return client;
  } catch (error) {
    await client.close();
    throw error;
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}

async function createTransport(target: McpTarget) {
  if (!('url' in target)) return createStdioTransport(target);
  const { StreamableHTTPClientTransport } = await import('@modelcontextprotocol/client');
  return new StreamableHTTPClientTransport(toEndpoint(target.url), {
    fetch: boundedFetch,
    requestInit: { headers: { ...target.headers } },
  });
}

async function createStdioTransport({ command, args = [], env, cwd }: McpProgram) {
  const { StdioClientTransport, getDefaultEnvironment } = await import('@modelcontextprotocol/client/stdio');
  return new StdioClientTransport({
    command,
    args: [...args],
    env: { ...getDefaultEnvironment(), ...env },
    maxBufferSize: maxBytes,
    ...(cwd !== undefined && { cwd }),
  });
}

function toEndpoint(url: string): URL {
  const endpoint = new URL(url);
  if (endpoint.pathname === '/') endpoint.pathname = '/mcp';
  return endpoint;
}

/** Follows no redirect, and cuts an answer that is too long; a GET waits for what the server has to say, for as long as it lasts. */
async function boundedFetch(url: string | URL, init: RequestInit = {}): Promise<Response> {
  const response = await fetchUnredirected(url, init);
  if (!response.body || init.method === 'GET') return response;
  const { status, statusText, headers } = response;
  return new Response(response.body.pipeThrough(createBound()), { status, statusText, headers });
}

function createBound(): TransformStream<Uint8Array, Uint8Array> {
  let bytes = 0;
  return new TransformStream({
    transform(piece, controller) {
      bytes += piece.byteLength;
      if (bytes > maxBytes) controller.error(new ServiceFault(`its answer has more than ${maxBytes} bytes`));
      else controller.enqueue(piece);
    },
  });
}
