/** What requests with an `Idempotency-Key` made: written in the same commit as what they made, and kept for 24 h. */
import type { Batch } from './commit-queue.ts';
import type { Receipt } from './event-log.ts';
import type { JsonObject } from './event.ts';
import { write } from './sqlite-statements.ts';

const keptMs = 24 * 60 * 60 * 1000;
/** With every so many receipts, at most 1,000 old ones go. */
const purgeEvery = 100;

export class Receipts {
  readonly #now: () => number;
  #written = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Receipts of this time, and later ones, count. */
  get since(): number {
    return this.#now() - keptMs;
  }

  put(batch: Batch, { scope, key, requestHash }: Receipt, result: JsonObject): void {
    const { operations } = batch;
    const json = JSON.stringify(result);
    operations.push(write.putReceipt, scope, key, requestHash, json, Math.trunc(this.#now()));
    if (this.#written++ % purgeEvery === 0) operations.push(write.purgeReceipts, this.since);
  }
}
