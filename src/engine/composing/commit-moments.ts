/**
 * Says what was decided on, moment by moment. It is committed to as a whole before anything of it is emitted, and anew with each
 * emission: whenever the turn is given up, what was emitted and what is committed to are together the whole answer.
 */
import type { TurnEvent } from '../../agents/agent-runner.ts';
import type { ComposerVoice } from '../stages.ts';

/** Events that are emitted together, after a pause. */
export type Moment = { readonly pauseSeconds: number; readonly events: readonly TurnEvent[] };

type Heard = Pick<ComposerVoice, 'emit' | 'commitTo' | 'pause'>;

/** Everything but the last moment, which stays committed to: the caller of the composer emits it with the end of the turn. */
export async function sayAllButLast(voice: Heard, moments: readonly Moment[]): Promise<void> {
  voice.commitTo(eventsOf(moments));
  await emitEach(voice, moments, moments.length - 1);
  const last = moments.at(-1);
  if (last) await pause(voice, last.pauseSeconds);
}

/** Something may follow, and nobody should wait until that is known. */
export async function sayAll(voice: Heard, moments: readonly Moment[]): Promise<void> {
  voice.commitTo(eventsOf(moments));
  await emitEach(voice, moments, moments.length);
}

async function emitEach(voice: Heard, moments: readonly Moment[], count: number): Promise<void> {
  for (let at = 0; at < count; at++) {
    const { pauseSeconds, events } = moments[at] as Moment; // at is less than count
    await pause(voice, pauseSeconds);
    const emitted = voice.emit(events);
    voice.commitTo(eventsOf(moments.slice(at + 1)));
    await emitted;
  }
}

/** Where there is no time left for pauses, there is still time for what was committed to. */
async function pause(voice: Heard, seconds: number): Promise<void> {
  if (seconds > 0) await voice.pause(seconds).catch(() => {});
}

function eventsOf(moments: readonly Moment[]): readonly TurnEvent[] {
  return moments.flatMap(({ events }) => events);
}
