/** A few words that bridge the time until the answer. */
import { createPreambleVoice } from './composer-voice.ts';
import { hook } from './hooks.ts';
import { reread } from './reread.ts';
import { toStatus, type TurnWork } from './turn-work.ts';

/** When to say them, in ms; null: not at all. Only in the first iteration. */
export function planPreamble({ context, deps, iterations }: TurnWork): number | null {
  const { policy } = context.extensions;
  if (iterations.length > 0 || !policy.isPreambleRequired(context.events)) return null;
  return deps.clock.now() + policy.preambleDelayMs();
}

/** False: a hook took the turn over. */
export async function speakPreamble(work: TurnWork, signal: AbortSignal): Promise<boolean> {
  if (!(await hook(work, 'generatingPreamble'))) return false;
  const { deps, turn } = work;
  const said = await deps.stages.composer.preamble(
    { ...work.context, signal },
    createPreambleVoice(work, signal),
  );
  if (said) await reread(work);
  void turn.voice.emit([toStatus('ready')]);
  return hook(work, 'preambleEmitted');
}
