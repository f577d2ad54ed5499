/** A server as it is shipped: the example agents and nothing else, without a model. */
import { type Colloquy, type ColloquyOptions, createColloquy } from '../../src/colloquy.ts';
import type { MessageData } from '../../src/event-log/event.ts';
import { createDataFolder } from './data-folder.ts';

export type Said = {
  readonly text: string;
  /** As they stand in the metadata of its messages, in order. */
  readonly sources: readonly { readonly file: string; readonly section: string; readonly title: string }[];
};

export type Examples = AsyncDisposable & {
  readonly colloquy: Colloquy;
  /** Says one after the other in a session of its own; what came of each. */
  talk(agentId: string, texts: readonly string[]): Promise<readonly Said[]>;
};

/** `settings`, where they are given, name the data folder. */
export async function startExamples(options: ColloquyOptions = {}): Promise<Examples> {
  const folder = await createDataFolder();
  const colloquy = await createColloquy({
    ...options,
    settings: { port: 0, dataDir: folder.path, logLevel: 'silent', shutdownGraceMs: 0, ...options.settings },
  });
  const { agentService } = colloquy;

  async function say(sessionId: string, text: string): Promise<Said> {
    const { status, messages } = await agentService.process({ userId: 'ann', sessionId, text });
    if (status !== 'ready') throw new Error(`“${text}” ended with ${status}.`);
    return {
      text: messages.map(({ data }) => (data as MessageData).message).join('\n\n'), // all are messages
      sources: messages.flatMap(({ metadata }) => (metadata['sources'] ?? []) as Said['sources']), // the shape is looked at
    };
  }

  return {
    colloquy,

    async talk(agentId, texts) {
      const { id } = await agentService.createTalkSession('ann', { agentId });
      const said: Said[] = [];
      for (const text of texts) said.push(await say(id, text));
      return said;
    },

    async [Symbol.asyncDispose]() {
      await colloquy.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}
