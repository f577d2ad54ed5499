import { describe, expect, it } from 'vitest';
import { tool } from '../../src/tools/define-tool.ts';
import { createTestClock } from '../support/clock.ts';
import { startEngine, toldIn } from '../support/engine-server.ts';

describe('a tool that hangs', () => {
  it('is given up when half of the turn is over, so that there is time to say so', async () => {
    let asked = 0;
    const hangs = tool({
      name: 'hangs',
      handler() {
        asked += 1;
        return new Promise(() => {});
      },
    });
    const clock = createTestClock();
    await using engine = await startEngine(
      (server) => {
        const agent = server.createAgent({ id: 'ada', name: 'Ada', performancePolicy: 'null' });
        agent.createGuideline({ condition: 'asks', action: 'Look it up', tools: [hangs] });
      },
      { clock, model: { script: { canned_draft: [{ body: 'It does not work.' }] } } },
    );
    const id = await engine.session('ada');
    const { trace_id: traceId } = await engine.say(id, 'Where is it?');
    await expect.poll(() => asked).toBe(1);
    await clock.advance(60_000);
    const events = await engine.over(id, traceId);
    expect(toldIn(events)).toEqual(expect.arrayContaining(['tool local:hangs', 'agent: It does not work.']));
    expect(JSON.stringify(events.find(({ kind }) => kind === 'tool')?.data)).toContain(
      'it took longer than 60 seconds',
    );
  });
});
