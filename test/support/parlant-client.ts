/** Parlant's official client, towards a server of ours. */
import { ParlantClient } from 'parlant-client';

export type { ParlantClient };

export function createParlantClient(server: { readonly url: string }): ParlantClient {
  return new ParlantClient({ environment: server.url });
}
