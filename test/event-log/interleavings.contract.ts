/**
 * Random calls in random order, most of them without waiting for the ones before, played to the log and to a model of it. Part of
 * the log's contract.
 */
import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventNotFoundError, RunClosedError } from '../../src/errors.ts';
import type { Log } from '../../src/event-log/event-log.ts';
import type { EventDraft } from '../../src/event-log/event.ts';
import type { Run } from '../../src/event-log/session-record.ts';
import { ModelClient, ModelSession } from './model.ts';
import { hold, said, upTo, type HeldFollower, type OpenLog } from './support.ts';

type Call =
  | { readonly type: 'append'; readonly count: number; readonly chars: number }
  | { readonly type: 'ask' | 'openRun' | 'nextAttempt' | 'turn' | 'settle' }
  | {
      readonly type: 'appendOfRun';
      readonly stale: boolean;
      readonly closes: boolean;
      readonly says: boolean;
    }
  | { readonly type: 'closeRun'; readonly stale: boolean }
  | { readonly type: 'chunk'; readonly stale: boolean; readonly text: string }
  | { readonly type: 'patch' | 'remove' | 'follow' | 'followSlowly'; readonly at: number }
  | { readonly type: 'take'; readonly reader: number; readonly count: number };

const is = <T extends string>(type: T) => fc.constant(type);
const at = fc.integer({ min: 0, max: 100 }).map((percent) => percent / 100);
const rarely = fc.nat(4).map((n) => n === 0);
const few = fc.integer({ min: 1, max: 3 });
const many = fc.integer({ min: 20, max: 300 });
/** Long ones overflow the queue of a reader that does not read. */
const text = fc.constantFrom('a', 'bc', 'd'.repeat(90_000));

/** `at` is a place in the session, from its beginning (0) to its end (1). */
const call: fc.Arbitrary<Call> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ type: is('append'), count: few, chars: fc.constant(1) }) },
  { weight: 1, arbitrary: fc.record({ type: is('append'), count: many, chars: fc.constantFrom(1, 9_000) }) },
  { weight: 5, arbitrary: fc.record({ type: fc.constantFrom('ask' as const, 'openRun' as const) }) },
  { weight: 1, arbitrary: fc.record({ type: is('nextAttempt') }) },
  {
    weight: 3,
    arbitrary: fc.record({ type: is('appendOfRun'), stale: rarely, closes: rarely, says: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.record({ type: is('closeRun'), stale: rarely }) },
  { weight: 6, arbitrary: fc.record({ type: is('chunk'), stale: rarely, text }) },
  { weight: 2, arbitrary: fc.record({ type: is('patch'), at }) },
  { weight: 1, arbitrary: fc.record({ type: is('remove'), at }) },
  {
    weight: 3,
    arbitrary: fc.record({ type: fc.constantFrom('follow' as const, 'followSlowly' as const), at }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ type: is('take'), reader: fc.nat(4), count: fc.integer({ min: 1, max: 200 }) }),
  },
  { weight: 3, arbitrary: fc.record({ type: is('turn') }) },
  { weight: 1, arbitrary: fc.record({ type: is('settle') }) },
);

export function interleavingsContract(open: OpenLog): void {
  describe('any order of calls', () => {
    it('keeps the log, its fences and every follower in step with the model', async () => {
      await using store = await open();
      let sessions = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(call, { minLength: 5, maxLength: 80, size: 'max' }), async (calls) => {
          const play = new Play(store.log, `session-${sessions++}`);
          for (const each of calls) await play.call(each);
          await play.finish();
        }),
        { numRuns: 300 },
      );
      const { totalCount } = await (await store.reopen()).listSessions({ limit: 1 });
      expect(totalCount).toBe(sessions);
    }, 120_000);
  });
}

/** One session, played to both. */
class Play {
  readonly #log: Log;
  readonly #id: string;
  readonly #model = new ModelSession();
  readonly #outcomes: Promise<void>[] = [];
  readonly #readers: Reader[] = [];
  /** Opened last, closed or not. */
  #run: Run = { runId: 'none', attempt: 1 };
  #made = 0;

  constructor(log: Log, id: string) {
    this.#log = log;
    this.#id = id;
    void log.createSession({ id, agentId: 'echo', customerId: 'guest' });
  }

  call(call: Call): void | Promise<unknown> {
    switch (call.type) {
      case 'append':
        return this.#append(upTo(call.count).map(() => this.#draft(call.chars)));
      case 'ask':
        return this.#ask();
      case 'openRun':
        return this.#open({ runId: `run-${this.#made++}`, attempt: 1 });
      case 'nextAttempt':
        return this.#open({ ...this.#run, attempt: this.#run.attempt + 1 });
      case 'appendOfRun':
        return this.#appendOf(this.#runOf(call), call);
      case 'closeRun':
        return this.#close(this.#runOf(call));
      case 'chunk':
        return this.#chunk(this.#runOf(call), call.text);
      case 'patch':
        return this.#patch(this.#offset(call.at));
      case 'remove':
        return this.#remove(this.#offset(call.at));
      case 'follow':
      case 'followSlowly':
        return this.#follow(this.#offset(call.at) - 1, call.type === 'follow' ? Infinity : 0);
      case 'take':
        return this.#readers[call.reader]?.take(call.count);
      case 'turn':
        return new Promise(setImmediate);
      default:
        return this.#settle();
    }
  }

  /** Everybody reads to the end, and has what there is. */
  async finish(): Promise<void> {
    this.#append([this.#draft()]);
    await this.#settle();
    const { events, waiting, openRun } = this.#model;
    const record = await this.#log.getSession(this.#id);
    assert.equal(record?.nextOffset, events.length);
    assert.deepEqual(
      record.waiting.map(({ offset }) => offset),
      waiting,
    );
    const { runId, attempt } = record.openRun ?? {};
    assert.deepEqual(record.openRun && { runId, attempt }, openRun);
    const stored = await this.#log.read(this.#id);
    assert.deepEqual(
      stored.map(({ offset, id, metadata }) => [offset, id, metadata]),
      this.#model.view(-1),
    );
    for (const reader of this.#readers) await reader.finish();
    assert.equal(this.#log.followers(this.#id), 0);
  }

  #append(drafts: readonly EventDraft[]): void {
    this.#model.add(drafts.map(({ id = '' }) => id));
    this.#expect(this.#log.append(this.#id, drafts));
  }

  #ask(): void {
    const draft = this.#draft();
    this.#model.waiting.push(this.#model.events.length);
    this.#model.add([draft.id]);
    this.#expect(this.#log.append(this.#id, [draft], { admit: () => 'trigger' }));
  }

  #open(run: Run): void {
    const { waiting } = this.#model;
    const triggerOffset = waiting[Math.floor(waiting.length / 2)] ?? -1;
    this.#run = run;
    this.#model.open(run, triggerOffset);
    this.#expect(this.#log.openRun(this.#id, { ...run, triggerOffset }));
  }

  #appendOf(run: Run, { closes, says }: { readonly closes: boolean; readonly says: boolean }): void {
    const isOpen = this.#model.isOpen(run);
    const draft = says ? said('all of it', { id: this.#model.message }) : this.#draft();
    const done = this.#log.append(this.#id, [draft], { run, closesRun: closes });
    if (!isOpen) return this.#expect(done, RunClosedError);
    this.#model.add([draft.id ?? '']);
    if (says) this.#model.said();
    if (closes) this.#model.close();
    return this.#expect(done);
  }

  #close(run: Run): void {
    const draft = this.#draft();
    this.#expect(this.#log.closeRun(this.#id, run, [draft]));
    if (!this.#model.isOpen(run)) return;
    this.#model.add([draft.id]);
    this.#model.close();
  }

  #chunk(run: Run, text: string): void {
    const isOpen = this.#model.isOpen(run);
    const message_id = this.#model.message;
    const index = isOpen ? this.#model.say(text) : 0;
    const chunk = { message_id, trace_id: run.runId, attempt: run.attempt, index, text };
    assert.equal(this.#log.publishChunk(this.#id, chunk, run), isOpen);
  }

  #patch(offset: number): void {
    const event = this.#model.events[offset];
    const metadata = { n: this.#made++ };
    const done = this.#log.patch(this.#id, event?.id ?? 'nothing', { set: metadata });
    if (!event || event.deleted) return this.#expect(done, EventNotFoundError);
    event.metadata = metadata;
    return this.#expect(done);
  }

  #remove(from: number): void {
    this.#model.remove(from);
    this.#expect(this.#log.remove(this.#id, from));
  }

  #follow(after: number, frames: number): void {
    const follower = hold(this.#log, this.#id, { after });
    const reader = new Reader(new ModelClient(this.#model, after), follower);
    this.#readers.push(reader);
    reader.take(frames);
  }

  async #settle(): Promise<void> {
    await Promise.all(this.#outcomes.splice(0));
  }

  /** Unless something is expected to be thrown, nothing may be. */
  #expect(done: Promise<unknown>, thrown?: new (...args: never[]) => Error): void {
    const outcome = thrown ? assert.rejects(done, thrown) : done.then(() => {});
    this.#outcomes.push(outcome);
  }

  #draft(chars = 1): EventDraft & { readonly id: string } {
    return { ...said('x'.repeat(chars)), id: `event-${this.#made++}` };
  }

  #runOf({ stale }: { readonly stale: boolean }): Run {
    return stale ? { ...this.#run, attempt: this.#run.attempt - 1 } : this.#run;
  }

  #offset(at: number): number {
    return Math.round(at * this.#model.events.length);
  }
}

/** Takes as many frames as it was told to. */
class Reader {
  readonly #client: ModelClient;
  readonly #follower: HeldFollower;
  #wanted = 0;
  #reading: Promise<void> = Promise.resolve();
  #isReading = false;
  #isLeaving = false;

  constructor(client: ModelClient, follower: HeldFollower) {
    this.#client = client;
    this.#follower = follower;
  }

  take(frames: number): void {
    this.#wanted += frames;
    if (this.#isReading || this.#wanted === 0) return;
    this.#reading = this.#read();
    // A complaint is heard in `finish`.
    this.#reading.catch(() => {});
  }

  async finish(): Promise<void> {
    this.#isLeaving = true;
    if (this.#client.isUpToDate()) this.#follower.stop();
    this.take(Infinity);
    await this.#reading;
    this.#client.expectWhole();
  }

  async #read(): Promise<void> {
    this.#isReading = true;
    for (; this.#wanted > 0; this.#wanted -= 1) {
      const frame = await this.#follower.next();
      if (!frame) return;
      this.#client.take(frame);
      if (this.#isLeaving && this.#client.isUpToDate()) this.#follower.stop();
    }
    this.#isReading = false;
  }
}
