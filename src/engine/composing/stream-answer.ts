/** An answer that is heard while it is made. Nothing takes part in it but the model: no responses, no hooks, no splitting. */
import type { NlpService } from '../../nlp/nlp.ts';
import type { Composed } from '../stages.ts';
import type { Composing } from './composing.ts';
import { toDraftInput } from './draft-input.ts';
import { withSources } from './drawn-on.ts';
import { untilAborted } from './heed-signal.ts';
import { ready, typing } from './turn-events.ts';

const temperature = 0.1;

/** The turn can be given up until the last piece. Rejects where the stream breaks: what was heard cannot be made anew. */
export async function streamAnswer(
  { turn, voice, input, sentBefore }: Composing,
  streamText: NonNullable<NlpService['streamText']>,
): Promise<Composed> {
  const [whole] = sentBefore.texts;
  if (whole !== undefined) {
    voice.commitTo([ready]);
    return { said: [whole] };
  }
  await voice.emit([typing]);
  const { signal } = turn;
  const made = streamText(toDraftInput(turn, input, { isForTemplates: false }), { temperature, signal });
  const heard: string[] = [];
  await voice.stream(
    tell(untilAborted(made, signal), (piece) => heard.push(piece)),
    {
      metadata: () => withSources(turn, heard.join('')),
    },
  );
  voice.commitTo([ready]);
  const text = heard.join('');
  return { said: text === '' ? [] : [text] };
}

async function* tell<Item>(
  items: AsyncIterable<Item>,
  onItem: (item: Item) => void,
): AsyncGenerator<Item, void> {
  for await (const item of items) {
    onItem(item);
    yield item;
  }
}
