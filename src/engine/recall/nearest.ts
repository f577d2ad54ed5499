/** The nearest of many things to what is being talked about. Their texts are made once for as long as the things stay the same. */
import type { Findable, NlpService } from '../../nlp/nlp.ts';

type Identified = { readonly id: string };

export type Nearest<Thing> = {
  readonly query: string;
  readonly atMost: number;
  /** All texts by which a thing may be found. */
  readonly textsOf: (thing: Thing) => readonly string[];
  readonly signal: AbortSignal;
};

/** Finds among things of one kind: always with the same `textsOf`. */
export type Finder = <Thing extends Identified>(
  things: readonly Thing[],
  nearest: Nearest<Thing>,
) => Promise<readonly Thing[]>;

/** Nearest first; to nothing, nothing is near. */
export function createFinder(nlp: Pick<NlpService, 'rank'>): Finder {
  const made = new WeakMap<readonly Identified[], readonly Findable[]>();
  return async (things, { query, atMost, textsOf, signal }) => {
    if (query.trim() === '') return [];
    const candidates = made.get(things) ?? things.map((thing) => ({ id: thing.id, texts: textsOf(thing) }));
    made.set(things, candidates);
    const ranked = await nlp.rank(query, candidates, { signal });
    const byId = new Map(things.map((thing) => [thing.id, thing]));
    return ranked.slice(0, atMost).flatMap(({ id }) => byId.get(id) ?? []);
  };
}
