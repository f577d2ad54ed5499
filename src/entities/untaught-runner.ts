/**
 * Who answers for an agent that was stored and has been given nothing to answer from: it says so. It does not tell its description,
 * which is for operators.
 */
import type { AgentRunner } from '../agents/agent-runner.ts';

export function createUntaughtRunner({ name }: { readonly name: string }): AgentRunner {
  const text = `I don't know: I am ${name}, and I have not been taught anything yet.`;
  return {
    async run({ say }) {
      await say(text, { final: true });
    },
  };
}
