import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { createEchoAgent } from '../../src/agents/echo-agent.ts';
import { catchLogWriters, type LogWriters } from '../support/log-writer.ts';
import { createHeldAgent, type Runtime, shorten, startRuntime } from '../support/runtime.ts';

/** Kills the writer in the middle of the commit that `work` asks for: another connection keeps it waiting for the file's lock. */
async function whileWriterWaits<T>(runtime: Runtime, writers: LogWriters, work: () => Promise<T>) {
  const other = new DatabaseSync(join(runtime.folder, 'colloquy.db'));
  other.exec('BEGIN IMMEDIATE');
  const outcome = work();
  outcome.catch(() => {});
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  const killed = writers.kill();
  other.exec('ROLLBACK');
  other.close();
  await killed;
  return { outcome };
}

describe('when the log cannot be written', () => {
  it('a message is refused, nothing of it is stored, and the next one is answered', async () => {
    using writers = catchLogWriters();
    await using runtime = await startRuntime([createEchoAgent()]);
    const id = await runtime.session();
    const refused = await whileWriterWaits(runtime, writers, () => runtime.send(id, 'one'));
    await expect(refused.outcome).rejects.toMatchObject({
      code: 'LOG_UNAVAILABLE',
      status: 503,
      retryable: true,
    });
    expect(await runtime.story(id)).toEqual([]);
    await runtime.send(id, 'two');
    await expect.poll(async () => (await runtime.story(id)).at(-2)).toBe('agent: echo: two');
    expect(await runtime.story(id)).not.toContain('customer: one');
  });

  it('a turn under way is taken up again as the next attempt, and its follower misses nothing', async () => {
    using writers = catchLogWriters();
    const { agent, turns } = createHeldAgent();
    await using runtime = await startRuntime([agent]);
    const id = await runtime.session();
    const watching = new AbortController();
    const seen: string[] = [];
    const following = (async () => {
      for await (const frame of await runtime.sessions.follow(id, { after: -1, signal: watching.signal }))
        if (frame.type === 'event') seen.push(shorten(frame.event));
    })();
    await runtime.send(id, 'one');
    await expect.poll(() => turns.length).toBe(1);
    await turns[0]?.say('lost');
    turns[0]?.finish();
    await writers.kill();
    await runtime.clock.advance(1_000);
    await expect
      .poll(async () => {
        if ((await runtime.story(id)).includes('completed')) return 'over';
        await runtime.clock.advance(1_000);
        turns[1]?.finish();
        return 'open';
      })
      .toBe('over');
    watching.abort();
    await following;
    expect(seen).toEqual(await runtime.story(id));
    expect(seen.filter((what) => what === 'completed')).toHaveLength(1);
  });

  it('is not waited for by a shutdown', async () => {
    using writers = catchLogWriters();
    const { agent, turns } = createHeldAgent();
    await using runtime = await startRuntime([agent]);
    const id = await runtime.session();
    await runtime.send(id, 'one');
    await expect.poll(() => turns.length).toBe(1);
    await writers.kill();
    await runtime.sessions.shutdown();
    expect(runtime.clock.pending()).toBe(0);
  });
});
