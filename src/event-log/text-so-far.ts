/**
 * The text of messages while they are being made. It is kept for those who join a conversation in the middle of a sentence; it
 * ends with the message's event, or with the run.
 */
import type { Chunk } from './frame.ts';

export class TextSoFar {
  /** Few messages of a session are made at a time, so a list is enough. */
  readonly #bySession = new Map<string, { chunk: Chunk; text: string }[]>();

  add(sessionId: string, chunk: Chunk): void {
    const texts = this.#bySession.get(sessionId);
    const known = texts?.find((each) => each.chunk.message_id === chunk.message_id);
    if (known) {
      known.text = chunk.index === 0 ? chunk.text : known.text + chunk.text;
      known.chunk = chunk;
      return;
    }
    // The rest of a text whose beginning is unknown is no text.
    if (chunk.index !== 0) return;
    const begun = { chunk, text: chunk.text };
    if (texts) texts.push(begun);
    else this.#bySession.set(sessionId, [begun]);
  }

  /** The message is an event now. */
  said(sessionId: string, messageId: string): void {
    const texts = this.#bySession.get(sessionId);
    if (!texts) return;
    const rest = texts.filter((each) => each.chunk.message_id !== messageId);
    if (rest.length > 0) this.#bySession.set(sessionId, rest);
    else this.#bySession.delete(sessionId);
  }

  /** The run that made them is over. */
  drop(sessionId: string): void {
    this.#bySession.delete(sessionId);
  }

  /** One chunk per message, with the whole text so far. */
  of(sessionId: string): Chunk[] {
    const texts = this.#bySession.get(sessionId) ?? [];
    return texts.map(({ chunk, text }) => ({ ...chunk, index: 0, text }));
  }
}
