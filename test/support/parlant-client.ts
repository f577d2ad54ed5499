/** Parlant's official client, towards a server of ours. */
import { ParlantClient, ParlantError } from 'parlant-client';
import { expect } from 'vitest';
import { startServer, type TestServer, type TestServerOptions } from './server.ts';

export type { ParlantClient };

export function createParlantClient(server: { readonly url: string }): ParlantClient {
  return new ParlantClient({ environment: server.url });
}

/** A server, and the client towards it; `await using` closes it. */
export async function startWithClient(
  options: TestServerOptions = {},
): Promise<AsyncDisposable & { readonly server: TestServer; readonly client: ParlantClient }> {
  const server = await startServer(options);
  return {
    server,
    client: createParlantClient(server),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

/** That a call of the client is refused with this status, code and a text. */
export async function expectRefusal(call: Promise<unknown>, status: number, code: string): Promise<void> {
  const error: unknown = await call.then(
    () => 'it was taken',
    (error: unknown) => error,
  );
  expect(error).toBeInstanceOf(ParlantError);
  expect(error).toMatchObject({ statusCode: status, body: { code, detail: expect.any(String) } });
}
