/**
 * In which order a journey's graph is walked through, and which ways lead on from each arrival. Parlant's order, as its clients and
 * stored paths know it: breadth first over pairs of (edge, node), where a pair that still waits may be queued again, and a pair that
 * was arrived at is no way on any more. Queued naively a row of diamonds doubles with every one; so each level of the queue keeps
 * only what can still change the outcome (`NextLevel`).
 */

export type Edge = { readonly id: string; readonly source: string; readonly target: string };

/** An arrival at a node: through an edge, or at the root, through none. */
export type Visit<E extends Edge> = {
  readonly edge: E | undefined;
  readonly nodeId: string;
  /** The ways on, in the order of the edges. Visits with the same ways on share one array. */
  readonly followUps: readonly Visit<E>[];
};

/** What a visit is while it is being found out. */
type Pair<E extends Edge> = Visit<E> & { followUps: readonly Pair<E>[]; isDone: boolean };

/** Every pair that can be reached, by its first visit. `edges`: in order of creation. */
export function visitNodes<E extends Edge>(rootId: string, edges: readonly E[]): readonly Visit<E>[] {
  const openExits = new OpenExits(edges.map((edge) => toPair(edge.target, edge)));
  const visits: Pair<E>[] = [];
  let level: readonly Pair<E>[] = [toPair<E>(rootId, undefined)];
  while (level.length > 0) {
    const next = new NextLevel<E>();
    for (const pair of level) {
      pair.followUps = openExits.of(pair.nodeId);
      next.add(pair.nodeId, pair.followUps);
      if (pair.isDone) continue;
      visits.push(pair);
      openExits.close(pair);
    }
    level = next.queued();
  }
  return visits;
}

function toPair<E extends Edge>(nodeId: string, edge: E | undefined): Pair<E> {
  return { edge, nodeId, followUps: [], isDone: false };
}

/** Which pairs still lead on from a node. */
class OpenExits<E extends Edge> {
  readonly #open: Map<string, readonly Pair<E>[]>;
  /** Nodes of whose exits some were closed since they were last asked for. */
  readonly #stale = new Set<string>();

  constructor(pairs: readonly Pair<E>[]) {
    this.#open = Map.groupBy(pairs, ({ edge }) => edge?.source ?? '');
  }

  of(nodeId: string): readonly Pair<E>[] {
    const open = this.#open.get(nodeId) ?? [];
    if (!this.#stale.delete(nodeId)) return open;
    const left = open.filter(({ isDone }) => !isDone);
    this.#open.set(nodeId, left);
    return left;
  }

  close(pair: Pair<E>): void {
    pair.isDone = true;
    if (pair.edge !== undefined) this.#stale.add(pair.edge.source);
  }
}

/**
 * The queue's next level. Of a pair that is in it several times the first one counts, the last one, and the last one before each
 * first one of another: what a later level looks like depends on nothing else. So a node left again is held back until something
 * new is queued, and then only its last time goes in.
 */
class NextLevel<E extends Edge> {
  readonly #queued: Pair<E>[] = [];
  readonly #leftOnce = new Set<string>();
  /** In the order of their last times. */
  readonly #leftAgain = new Map<string, readonly Pair<E>[]>();

  add(nodeId: string, followUps: readonly Pair<E>[]): void {
    if (followUps.length === 0) return;
    if (this.#leftOnce.has(nodeId)) {
      this.#addAgain(nodeId, followUps);
      return;
    }
    this.#leftOnce.add(nodeId);
    this.#queueLeftAgain();
    this.#queue(followUps);
  }

  queued(): readonly Pair<E>[] {
    this.#queueLeftAgain();
    return this.#queued;
  }

  #addAgain(nodeId: string, followUps: readonly Pair<E>[]): void {
    // With fewer ways on than before: those that are closed now had their last time before.
    if ((this.#leftAgain.get(nodeId) ?? followUps) !== followUps) this.#queueLeftAgain();
    this.#leftAgain.delete(nodeId);
    this.#leftAgain.set(nodeId, followUps);
  }

  #queueLeftAgain(): void {
    for (const followUps of this.#leftAgain.values()) this.#queue(followUps);
    this.#leftAgain.clear();
  }

  #queue(followUps: readonly Pair<E>[]): void {
    for (const pair of followUps) this.#queued.push(pair);
  }
}
