/** What questions show of a turn: the conversation as models see it, with what the agent knows and has found out. */
import type { SessionEvent } from '../../event-log/event.ts';
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

/** Events are never changed: what was shown of them is kept. */
const shownOf = new WeakMap<readonly SessionEvent[], Situation['interaction']>();

function interactionOf(events: readonly SessionEvent[]): Situation['interaction'] {
  const known = shownOf.get(events);
  if (known) return known;
  const shown = events.flatMap((event) => eventForModel(event) ?? []);
  shownOf.set(events, shown);
  return shown;
}
