/** A few words that bridge the time until the answer. Nobody waits for them, so what goes wrong with them is no failure of the turn. */
import { preambleTag } from '../../entities/collections/canned-response.ts';
import type { JsonObject } from '../../event-log/event.ts';
import type { TurnContext } from '../turn-context.ts';
import { GenerationFailure } from './ask-model.ts';
import { visiblePreambles } from './canned-candidates.ts';
import type { Composing } from './composing.ts';
import { firstPreambles, laterPreambles } from './default-wording.ts';
import type { CannedMode } from './effective-mode.ts';
import { renderResponses } from './render-responses.ts';
import { toMessage, typing } from './turn-events.ts';

export type PreambleOptions = {
  readonly mode: CannedMode;
  /** From 0 up to 1. */
  readonly random: () => number;
};

/** Whether something was said. */
export async function sayPreamble(work: Composing, options: PreambleOptions): Promise<boolean> {
  try {
    return options.mode === 'strict_canned'
      ? await saySomeOf(work, options)
      : await sayInTheManner(work, work.turn);
  } catch (error) {
    if (error instanceof GenerationFailure) return false;
    throw error;
  }
}

const temperature = 0.1;

async function sayInTheManner(work: Composing, { extensions, events }: TurnContext): Promise<boolean> {
  const hasSpoken = events.some(({ kind, source }) => kind === 'message' && source === 'ai_agent');
  const examples = extensions.preamble.examples ?? (hasSpoken ? laterPreambles : firstPreambles);
  const text = await askFor(work, { examples, mustBeExample: false });
  return text.trim() === '' ? false : say(work, text, {});
}

/** In another order each time: models like what comes first. */
async function saySomeOf(work: Composing, { random }: PreambleOptions): Promise<boolean> {
  const written = await renderResponses(work, visiblePreambles(work.turn));
  if (written.length === 0) return false;
  const examples = shuffled([...new Set(written.map(({ text }) => text))], random);
  const text = await askFor(work, { examples, mustBeExample: true });
  const chosen = written.find((each) => each.text === text);
  return chosen ? say(work, text, chosen.metadata) : false;
}

async function askFor(
  { ask, voice, turn }: Composing,
  about: { readonly examples: readonly string[]; readonly mustBeExample: boolean },
): Promise<string> {
  await voice.emit([typing]);
  const { instructions = [] } = turn.extensions.preamble;
  const { text } = await ask('preamble', { situation: turn.situation, ...about, instructions }, temperature);
  return text;
}

async function say({ voice, turn, hook }: Composing, text: string, metadata: JsonObject): Promise<boolean> {
  if (!(await hook('preambleGenerated', text))) return false;
  turn.signal.throwIfAborted();
  await voice.emit([toMessage(turn, text, { details: { tags: [preambleTag] }, metadata })]);
  return true;
}

function shuffled<Item>(items: readonly Item[], random: () => number): readonly Item[] {
  const placed = items.map((item) => ({ item, place: random() }));
  return placed.sort((one, other) => one.place - other.place).map(({ item }) => item);
}
