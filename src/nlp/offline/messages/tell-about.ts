/** Where an action says of what to tell ("the opening hours"), and not what: the words are found in what is known. */
import type { Situation } from '../../questions/situation.ts';
import { coverageOf, tellingWords } from '../journeys/coverage.ts';
import { knownThings, type KnownThing } from './known-things.ts';

const enough = 0.55;

export type Told = { readonly text: string; readonly thing: KnownThing };

/** What a tool brought in this turn was brought for this, unless something else is named. */
const forThis = 0.75;
/** By another word for it, or in passing. */
const bySynonym = 0.7;

/** Undefined: nothing is known of it. `label`: what it is told as. */
export function tellAbout(
  topic: string,
  situation: Situation,
  { label, taken }: { readonly label: string; readonly taken: ReadonlySet<KnownThing> },
): Told | undefined {
  const things = knownThings(situation).filter((thing) => !taken.has(thing));
  const brought = things.filter(({ isNew }) => isNew);
  const nearest = brought.find(({ kind }) => kind === 'data') ?? brought[0];
  const rated = things.map((thing) => ({ thing, score: scoreOf(topic, thing) }));
  const best = rated.reduce((best, each) => (each.score > best.score ? each : best), {
    thing: nearest,
    score: nearest ? forThis : 0,
  });
  const thing = best.score >= enough ? best.thing : undefined;
  return thing && { text: thing.tell(label), thing };
}

/** Everyday words alone name nothing. */
function scoreOf(topic: string, { names, synonyms = '', sentences, isNew, kind }: KnownThing): number {
  if (!tellingWords(topic).some((word) => word.kind === 'content')) return 0;
  const byName = names === '' ? 0 : coverageOf(topic, names);
  const byText = coverageOf(topic, [names, synonyms, ...sentences].join(' '));
  // What was brought in this turn was looked for; what is only known may speak of it in passing.
  if (isNew) return Math.max(byName, byText);
  return Math.max(byName, byText * bySynonym) * (kind === 'capability' ? 0.7 : 0.95);
}
