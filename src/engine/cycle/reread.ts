/** The conversation once more, when something was said in this turn. */
import { asConversation, lookedAt } from './load-context.ts';
import type { TurnWork } from './turn-work.ts';

export async function reread(work: TurnWork): Promise<void> {
  const { deps, turn, context } = work;
  const events = await turn.history.last(deps.historyLimit, { kinds: lookedAt });
  work.learn({ events: asConversation(events, context.traceId) });
}
