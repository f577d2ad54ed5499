/** What tabs and the one that reads for them say to each other, by `postMessage`. */
import type { Identity } from '../identity.ts';
import type { ConnectionState } from './resuming-stream.ts';

/** What can be followed. */
export type Topic =
  | { readonly of: 'session'; readonly sessionId: string }
  | { readonly of: 'ownSessions' }
  | { readonly of: 'liveSessions' };

export type ToHub =
  /** `n`: the tab's number for what it follows. */
  | { readonly type: 'follow'; readonly n: number; readonly topic: Topic; readonly identity: Identity }
  | { readonly type: 'leave'; readonly n: number }
  /** Somebody looks at the tab, or the network is back. */
  | { readonly type: 'wake' }
  /** Nobody looks at the tab, and it reads for itself alone. */
  | { readonly type: 'sleep' }
  /** A lock that the tab holds for as long as it lives: a worker is not told when a tab is gone. */
  | { readonly type: 'alive'; readonly lock: string }
  | { readonly type: 'bye' };

/** `state` is all there is so far, `news` what came since; both as the kind of the topic has them. */
export type FromHub =
  | { readonly n: number; readonly type: 'state'; readonly state: unknown }
  | { readonly n: number; readonly type: 'news'; readonly news: readonly unknown[] }
  | { readonly n: number; readonly type: 'connection'; readonly connection: ConnectionState };
