/**
 * What `npm start` serves. Any setting of README may stand here in camelCase; the environment wins over it. `agents` replaces the
 * examples: `agents: [defineAgent({ id: 'parrot', answer: ({ message }) => message })]`, see README for one in full.
 */
import { defineConfig } from './src/config.ts';

export default defineConfig({
  defaultAgent: 'research_paper',
  sessionTtlMs: 24 * 60 * 60 * 1000,
});
