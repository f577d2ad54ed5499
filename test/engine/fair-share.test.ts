/** Many conversations that go on in the same moment do not keep everything else waiting. */
import { setImmediate as nextChance } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createFairShare } from '../../src/engine/fair-share.ts';

/** So many pieces of work that begin together, each of so many ms; what was done, and `-` where everything else had its chance. */
async function workTogether(count: number, eachMs: number): Promise<string> {
  let time = 0;
  let done = '';
  const share = createFairShare(() => time);
  const pieces = Array.from({ length: count }, async (_, n) => {
    const wait = share();
    if (wait) await wait;
    time += eachMs;
    done += n;
  });
  const all = Promise.all(pieces).then(() => false);
  while (await Promise.race([all, nextChance(true)])) done += '-';
  return done;
}

describe('work that begins in the same moment', () => {
  it('is done at once where it is little', async () => {
    expect(await workTogether(5, 0.5)).toBe('01234');
  });

  it('lets everything else have its chance, and keeps its order', async () => {
    const done = await workTogether(6, 6);
    expect(done.replaceAll('-', '')).toBe('012345');
    expect(done).toMatch(/^0-?1-2-3-4-5/);
  });
});

it('who comes later does not wait for what is long over', async () => {
  let time = 0;
  const share = createFairShare(() => time);
  expect(share()).toBeUndefined();
  time += 100;
  expect(share()).toBeInstanceOf(Promise);
  await nextChance();
  await nextChance();
  expect(share()).toBeUndefined();
});
