/** An agent that writes what the test tells it to, when the test tells it to: so that a test sees a text grow without waiting for time. */
import type { LocalAgent } from '../../../src/agents/agent-runner.ts';

export type PromptedAgent = LocalAgent & {
  /** The turn under way says so much more; one that has not begun finds it there. */
  write(text: string): void;
  /** Nothing more comes in the turn under way. */
  end(): void;
  /** It fails. */
  fail(message: string): void;
};

type Step = { readonly text: string } | { readonly error: Error | null };

export function createPromptedAgent(id: string): PromptedAgent {
  const steps: Step[] = [];
  let more = Promise.withResolvers<void>();
  const add = (step: Step): void => {
    steps.push(step);
    more.resolve();
  };
  return {
    id,
    name: 'Prompted',
    description: null,
    interruption: 'interrupt',
    runner: {
      async run({ say, signal }) {
        await say(texts(signal), { final: true });
      },
    },
    write: (text) => add({ text }),
    end: () => add({ error: null }),
    fail: (message) => add({ error: new Error(message) }),
  };

  async function* texts(signal: AbortSignal): AsyncGenerator<string, void> {
    for (;;) {
      const step = await next(signal);
      if ('text' in step) yield step.text;
      else if (step.error) throw step.error;
      else return;
    }
  }

  async function next(signal: AbortSignal): Promise<Step> {
    signal.addEventListener('abort', () => more.resolve());
    for (;;) {
      signal.throwIfAborted();
      const step = steps.shift();
      if (step) return step;
      more = Promise.withResolvers();
      await more.promise;
    }
  }
}
