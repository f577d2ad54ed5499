/** What questions show of a turn: the conversation as models see it, with what the agent knows and has found out. */
import type { Json, SessionEvent } from '../../event-log/event.ts';
import type { Situation } from '../../nlp/questions/situation.ts';
import { eventForModel } from '../composing/event-for-model.ts';
import type { TurnContext } from '../turn-context.ts';

type Shown = Pick<TurnContext, 'events' | 'staged'>;

/** `known`: what stays as it is. */
export function toSituation({ events, staged }: Shown, known: Situation): Situation {
  return {
    ...known,
    interaction: interactionOf(events),
    staged: staged.map(({ toolId, arguments: args, result }) => ({
      toolId,
      arguments: args,
      data: result.data,
    })),
  };
}

/**
 * In characters: about 100,000 tokens. A few large results of tools would else be more than a model reads, and every turn would fail with
 * them as long as they are among the latest events.
 */
const mostShown = 400_000;

/** Events are never changed: what was shown of them is kept. */
const shownOf = new WeakMap<readonly SessionEvent[], Situation['interaction']>();

function interactionOf(events: readonly SessionEvent[]): Situation['interaction'] {
  const known = shownOf.get(events);
  if (known) return known;
  const shown = latest(events.flatMap((event) => eventForModel(event) ?? []));
  shownOf.set(events, shown);
  return shown;
}

/** The last one in any case. */
function latest(shown: Situation['interaction']): Situation['interaction'] {
  let left = mostShown;
  const first = shown.findLastIndex(({ data }) => (left -= lengthOf(data)) < 0);
  return first < 0 ? shown : shown.slice(Math.min(first + 1, shown.length - 1));
}

/** Texts make up most of it; to write all of it as JSON would cost more than it tells. */
function lengthOf(data: Json): number {
  if (typeof data === 'string') return data.length;
  if (typeof data !== 'object' || data === null) return 8;
  return Object.entries(data).reduce((sum, [key, value]) => sum + key.length + lengthOf(value), 0);
}
