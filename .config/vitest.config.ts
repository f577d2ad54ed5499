/** How the tests run: each file in a process of its own, three at a time, as many wait; an unhandled error fails the run (vitest's default). */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 3,
    testTimeout: 20_000,
    hookTimeout: 20_000,
    // A busy machine takes its time; what is waited for comes as soon as it is there.
    expect: { poll: { timeout: 10_000 } },
  },
});
