/** What the parts of a composer work with while they make one answer. */
import type { NlpService } from '../../nlp/nlp.ts';
import type { MessageInput } from '../../nlp/questions/messages.ts';
import type { ComposerVoice } from '../stages.ts';
import type { TurnContext } from '../turn-context.ts';
import { type Ask, createAsk } from './ask-model.ts';
import { orAborted } from './heed-signal.ts';
import { toMessageInput } from './message-input.ts';
import { readSentBefore, type SentBefore } from './sent-before.ts';
import { collectFields, type TemplateFields } from './template-fields.ts';
import type { ReadTemplate } from './template-reader.ts';
import { textsFor } from './visible-responses.ts';

export type Composing = {
  readonly nlp: NlpService;
  readonly readTemplate: ReadTemplate;
  readonly turn: TurnContext;
  readonly voice: ComposerVoice;
  readonly ask: Ask;
  /** The voice's; nobody waits for it in a turn that was given up. */
  readonly hook: ComposerVoice['hook'];
  readonly input: MessageInput;
  readonly fields: TemplateFields;
  readonly sentBefore: SentBefore;
};

/** `given`: what does not follow from the turn. */
export function toComposing(
  given: Pick<Composing, 'nlp' | 'readTemplate' | 'voice'>,
  turn: TurnContext,
): Composing {
  const fields = collectFields(turn);
  return {
    ...given,
    turn,
    ask: createAsk(given.nlp, turn.signal),
    hook: (name, payload) => orAborted(given.voice.hook(name, payload), turn.signal),
    input: toMessageInput(turn, textsFor(turn, { fields, readTemplate: given.readTemplate })),
    fields,
    sentBefore: readSentBefore(turn),
  };
}
