/** The composer of agents that say what they like: the model writes, looks at what it wrote, and writes again. */
import type { AnswerOf } from '../../nlp/questions/questions.ts';
import type { Composed } from '../stages.ts';
import { sayAllButLast } from './commit-moments.ts';
import type { Composing } from './composing.ts';
import { withSources } from './drawn-on.ts';
import { type Attempt, threeAttempts } from './three-attempts.ts';
import { toMessage, typing } from './turn-events.ts';

/** Rejects with the last failure when no attempt came to an end. */
export async function composeFluid(work: Composing): Promise<Composed> {
  const { voice, turn, sentBefore } = work;
  await voice.emit([typing]);
  const attempted = await threeAttempts((temperature) => attemptText(work, temperature));
  if (attempted.kind === 'failed') throw attempted.error;
  const text = attempted.result;
  if (text === undefined) return { said: [] };
  turn.signal.throwIfAborted();
  const events = sentBefore.take(text) ? [] : [toMessage(turn, text, { metadata: withSources(turn, text) })];
  await sayAllButLast(voice, [{ pauseSeconds: 0, events }]);
  return { said: [text] };
}

/** Undefined: the agent has nothing to say. */
async function attemptText(
  { ask, input }: Composing,
  temperature: number,
): Promise<Attempt<string | undefined>> {
  const answer = await ask('fluid_message', input, temperature);
  const chosen = chooseRevision(answer);
  if (!chosen || chosen.content.trim() === '') return { result: undefined, isGood: true };
  return { result: chosen.content, isGood: isGood(chosen) };
}

type Revision = NonNullable<AnswerOf<'fluid_message'>['revisions']>[number];

/** The first that may be sent, else the last one. */
function chooseRevision({ producedReply, revisions }: AnswerOf<'fluid_message'>): Revision | undefined {
  if (producedReply === false || !revisions) return undefined;
  const sendable = revisions.find((each) => isGood(each) || (!each.isRepeat && each.brokenByMissingData));
  return sendable ?? revisions.at(-1);
}

/** What is excused by missing data only is chosen, yet tried again. */
function isGood({ isRepeat, followedAll, brokenByPriority }: Revision): boolean {
  return !isRepeat && (followedAll === true || brokenByPriority === true);
}
