/** Official workers and clients: slower than the other tests, with packages of their own, and so only run by `npm run test:voice`. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['*.e2e.ts'],
    // One process: rtc-node's native part is let go once, at the end.
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // What is broken is broken for all: nobody waits for the others.
    bail: 1,
    // Otherwise the official packages log whatever they do.
    env: { NODE_ENV: 'production' },
  },
});
