/** Passages that say where they come from, as retrievers bring them: quoted as they stand, with their sources. */
import { z } from 'zod';
import type { Json } from '../../../event-log/event.ts';

const citedPassage = z.object({
  /** The title of the document. */
  source: z.string().min(1),
  /** The heading; empty: there is none. */
  section: z.string().default(''),
  text: z.string().min(1),
  /** What the document says of itself; empty: nothing. */
  note: z.string().default(''),
});

export type CitedPassage = Readonly<z.output<typeof citedPassage>>;

/** A list of nothing else, best first; empty: it is something else. */
export function citedIn(data: Json): readonly CitedPassage[] {
  return z.array(citedPassage).safeParse(data).data ?? [];
}

/** The texts, then one line that names where they are from. */
export function quoteCited(passages: readonly CitedPassage[]): string {
  const sources = new Set(passages.map(nameOf));
  const notes = new Set(passages.flatMap(({ note }) => note || []));
  const line = `${sources.size > 1 ? 'Sources' : 'Source'}: ${[...sources].join('; ')}.`;
  return [...passages.map(({ text }) => text), [line, ...notes].join(' ')].join('\n\n');
}

function nameOf({ source, section }: CitedPassage): string {
  return section === '' || section === source ? source : `${source}, “${section}”`;
}
