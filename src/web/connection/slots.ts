/**
 * Who of the page's streams has a connection. A browser keeps six to an HTTP/1.1 server, for all tabs together, and commands need one. Lists
 * always have theirs. Sessions share the rest: while there are more of them, those that are quiet go without, until a list tells of news.
 */

export interface Slotted {
  /** Never goes without. */
  readonly isPinned: boolean;
  /** Without effect where it is connected. */
  connect(): void;
  /** Gives the connection up; it goes on later where it was. */
  park(): void;
  /** Nothing came for a while, and nothing is under way. */
  isQuiet(): boolean;
}

export interface Slots {
  enter(stream: Slotted): void;
  leave(stream: Slotted): void;
  /** There is something for it, or somebody looks at it. */
  call(stream: Slotted): void;
  /** All give their connections up, until `wake`. */
  sleep(): void;
  wake(): void;
}

export type SlotsOptions = {
  /** Connections at most. */
  readonly limit: number;
  /** After so long even one that is not quiet has to take turns with those that wait. */
  readonly turnMs: number;
  /** How often it is looked for one that is quiet, while others wait. */
  readonly lookMs: number;
};

export function createSlots({ limit, turnMs, lookMs }: SlotsOptions): Slots {
  const pinned = new Set<Slotted>();
  /** When each got its connection. */
  const connected = new Map<Slotted, number>();
  const waiting = new Set<Slotted>();
  let look: ReturnType<typeof setTimeout> | undefined;
  let isAsleep = false;

  return {
    enter(stream) {
      (stream.isPinned ? pinned : waiting).add(stream);
      share();
    },
    leave(stream) {
      pinned.delete(stream);
      connected.delete(stream);
      waiting.delete(stream);
      stream.park();
      share();
    },
    call(stream) {
      if (pinned.has(stream) || connected.has(stream)) return;
      waiting.add(stream);
      share();
    },
    sleep() {
      isAsleep = true;
      for (const stream of [...pinned, ...connected.keys()]) stream.park();
      for (const stream of connected.keys()) waiting.add(stream);
      connected.clear();
    },
    wake() {
      isAsleep = false;
      share();
    },
  };

  function share(): void {
    clearTimeout(look);
    if (isAsleep) return;
    for (const stream of pinned) stream.connect();
    for (const stream of waiting) {
      if (connected.size >= room() && !parkOne()) break;
      waiting.delete(stream);
      connected.set(stream, Date.now());
      stream.connect();
    }
    if (waiting.size > 0) look = setTimeout(share, lookMs);
  }

  /** For sessions: one at least. */
  function room(): number {
    return Math.max(1, limit - pinned.size);
  }

  /** The one connected longest that is quiet, or else had its turn; that one waits for the next. */
  function parkOne(): boolean {
    const all = [...connected.keys()];
    const quiet = all.find((stream) => stream.isQuiet());
    const found = quiet ?? all.find((stream) => Date.now() - (connected.get(stream) ?? 0) >= turnMs);
    if (!found) return false;
    connected.delete(found);
    found.park();
    if (found !== quiet) waiting.add(found);
    return true;
  }
}
