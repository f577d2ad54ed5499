/**
 * What a session should be after a sequence of calls, in the simplest words, and what a client makes of the frames it gets. The
 * interleavings test plays the same calls to the real log and compares.
 */
import assert from 'node:assert/strict';
import type { Frame } from '../../src/event-log/frame.ts';
import type { Run } from '../../src/event-log/session-record.ts';

export type ModelEvent = { readonly id: string; metadata: Record<string, unknown>; deleted: boolean };

export class ModelSession {
  readonly events: ModelEvent[] = [];
  openRun: Run | null = null;
  waiting: number[] = [];
  /** Pieces of the text being made, by message; given up with the run. */
  readonly texts = new Map<string, string[]>();
  /** Every piece there ever was. */
  readonly pieces = new Map<string, string[]>();
  #messages = 0;

  add(ids: readonly string[]): void {
    for (const id of ids) this.events.push({ id, metadata: {}, deleted: false });
  }

  isOpen({ runId, attempt }: Run): boolean {
    return this.openRun?.runId === runId && this.openRun.attempt === attempt;
  }

  open(run: Run, triggerOffset: number): void {
    this.openRun = run;
    this.waiting = this.waiting.filter((offset) => offset > triggerOffset);
    this.#giveUpText();
  }

  close(): void {
    this.openRun = null;
    this.#giveUpText();
  }

  /** The message being made, if any text of it was said. */
  get message(): string {
    return `message-${this.#messages}`;
  }

  /** Returns the index of the piece. */
  say(text: string): number {
    const pieces = [...(this.texts.get(this.message) ?? []), text];
    this.texts.set(this.message, pieces);
    this.pieces.set(this.message, pieces);
    return pieces.length - 1;
  }

  /** The message is an event; the next one is another. */
  said(): void {
    this.texts.delete(this.message);
    this.#messages += 1;
  }

  remove(from: number): void {
    for (const event of this.events.slice(from)) event.deleted = true;
    this.waiting = this.waiting.filter((offset) => offset < from);
  }

  /** Each run says messages of its own. */
  #giveUpText(): void {
    this.texts.clear();
    this.#messages += 1;
  }

  /** What one has who knows everything after this offset: offset, id and metadata. */
  view(after: number): unknown[] {
    return this.events
      .map(({ id, metadata, deleted }, offset) => ({ offset, id, metadata, deleted }))
      .filter(({ offset, deleted }) => !deleted && offset > after)
      .map(({ offset, id, metadata }) => [offset, id, metadata]);
  }
}

/** A client: it believes every frame, and complains about what should not be. */
export class ModelClient {
  readonly #session: ModelSession;
  readonly #after: number;
  readonly #events = new Map<number, [id: string, metadata: unknown]>();
  readonly #texts = new Map<string, string>();
  #last: number;

  constructor(session: ModelSession, after: number) {
    this.#session = session;
    this.#after = after;
    this.#last = after;
  }

  take(frame: Frame): void {
    switch (frame.type) {
      case 'event': {
        const { offset, id, metadata } = frame.event;
        assert.ok(offset > this.#last, `offset ${offset} after ${this.#last}`);
        this.#last = offset;
        this.#events.set(offset, [id, metadata]);
        this.#texts.delete(id);
        return;
      }
      case 'updated': {
        const { offset, id, metadata } = frame.event;
        if (this.#events.has(offset)) this.#events.set(offset, [id, metadata]);
        return;
      }
      case 'removed':
        for (const offset of this.#events.keys()) if (offset >= frame.from) this.#events.delete(offset);
        return;
      case 'chunk': {
        const { message_id, index, text } = frame.chunk;
        const pieces = this.#session.pieces.get(message_id) ?? [];
        const known = index === 0 ? '' : this.#texts.get(message_id);
        if (index === 0) assert.ok(prefixes(pieces).includes(text));
        else assert.equal(known, pieces.slice(0, index).join(''));
        this.#texts.set(message_id, `${known}${text}`);
        return;
      }
      default:
    }
  }

  /** Whether it has seen the last event, and the whole of what is being said. */
  isUpToDate(): boolean {
    const { texts, events } = this.#session;
    return (
      this.#last === events.length - 1 &&
      [...texts].every(([messageId, pieces]) => this.#texts.get(messageId) === pieces.join(''))
    );
  }

  view(): unknown[] {
    return [...this.#events].map(([offset, [id, metadata]]) => [offset, id, metadata]);
  }

  expectWhole(): void {
    assert.deepEqual(this.view(), this.#session.view(this.#after));
  }
}

function prefixes(pieces: readonly string[]): string[] {
  return pieces.map((_, index) => pieces.slice(0, index + 1).join(''));
}
