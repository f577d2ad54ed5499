/** A server's address: how it is had, told, and let go. */
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { Settings } from '../config.ts';
import { StartError } from '../start-error.ts';

/** `listen` could not have its address. The message is one line. */
export class ListenError extends StartError {}

export async function listenOn(server: Server, { host, port }: Settings): Promise<void> {
  try {
    await once(server.listen({ host, port }), 'listening');
  } catch (error) {
    throw new ListenError(explain(error, { host, port }), { cause: error });
  }
}

function explain(error: unknown, { host, port }: { host: string; port: number }): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') return `Port ${port} of ${host} is in use; set PORT to another one.`;
  if (code === 'EACCES') return `Port ${port} of ${host} may not be used; set PORT to another one.`;
  return `${host}:${port} cannot be listened on: ${error instanceof Error ? error.message : String(error)}.`;
}

export function addressOf(server: Server, host: string): string {
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** Lets answers under way be read, but not for long: nothing more can come of what is still open. */
export function release(server: Server): void {
  const idle = setInterval(() => server.closeIdleConnections(), 10);
  const all = setTimeout(() => server.closeAllConnections(), 1_000);
  server.once('close', () => {
    clearInterval(idle);
    clearTimeout(all);
  });
}
