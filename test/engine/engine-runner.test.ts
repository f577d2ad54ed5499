import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { isFinalReady } from '../../src/event-log/event.ts';
import { startToolAgent } from '../support/tool-agent.ts';

const noTools = { service: () => undefined, list: () => [] };

describe('a turn that has nothing left to do behind its `ready`', () => {
  it('is not waited for by the next one, however late the session asks', async () => {
    await using runtime = await startToolAgent({
      tools: noTools as never, // nothing is looked up
      wants: [],
      script: {},
      beforeRest: () => pause(20),
    });
    const id = await runtime.session();
    for (const text of ['Hello', 'Hello again']) {
      const { trace_id: traceId } = await runtime.send(id, text);
      const isOver = async () => (await runtime.log.read(id, { traceId })).some(isFinalReady);
      await vi.waitFor(async () => expect(await isOver()).toBe(true), { timeout: 10_000 });
    }
  });
});
