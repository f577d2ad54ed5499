/** What the servers of `test/systems/` serve: `slow` takes SLOW_MS before each of its chunks but the first, `echo` takes no time. */
import { createEchoAgent } from '../../src/agents/echo-agent.ts';
import { defineConfig } from '../../src/config.ts';

export default defineConfig({
  defaultAgent: 'slow',
  agents: [
    createEchoAgent({ id: 'slow', chunkDelayMs: Number(process.env['SLOW_MS'] ?? 0) }),
    createEchoAgent(),
  ],
});
