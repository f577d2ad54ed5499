/**
 * The address of one server, looked up once for all who ask at the same time. When a server comes back, ten thousand polls connect at
 * once, and Node looks names up four at a time.
 */
import { lookup, type LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';

type Answer = (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void;

/** For connections to a single host: what is asked first is answered to everybody. */
export function createSharedLookup(): LookupFunction {
  let waiting: Answer[] = [];

  return (hostname, options, callback) => {
    waiting.push((error, addresses) => {
      const [first] = addresses;
      if (error || options.all || !first) callback(error, addresses);
      else callback(null, first.address, first.family);
    });
    if (waiting.length > 1) return;
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      const answers = waiting;
      waiting = [];
      for (const answer of answers) answer(error, addresses ?? []);
    });
  };
}
