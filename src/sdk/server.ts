/**
 * A server that is written in code: agents and what they know are collected, checked at the line that says them, and stored when it
 * starts. Everything here is synchronous until then; `await` before a call does no harm.
 */
import { z } from 'zod';
import { createColloquy, type Colloquy, type ColloquyOptions } from '../colloquy.ts';
import { checkOptions } from './check-options.ts';
import { createDefining, type Defining } from './defining.ts';
import { createDraft } from './draft.ts';
import { chosenId, thing } from './options.ts';

export type ServerOptions = ColloquyOptions & {
  /**
   * Who defines; default `program`. What a data folder has of a source is made equal to what the source defines: two programs that share a
   * folder need two.
   */
  readonly source?: string;
};

export type DefinedServer = AsyncDisposable &
  Defining & {
    /**
     * Stores what is defined and listens; resolves with the address, e.g. `http://127.0.0.1:8000`. Nothing can be defined afterwards. Rejects
     * with what `createColloquy` and `listen` throw; it may be called again then.
     */
    start(): Promise<string>;
    /** Ends in order, as `Colloquy.close`. */
    stop(): Promise<void>;
  };

/** What is in the others, `createColloquy` looks at. */
const schema = z.strictObject({
  source: chosenId.optional(),
  settings: thing.optional(),
  agents: thing.optional(),
  upstreams: thing.optional(),
  definitions: thing.optional(),
  toolServices: thing.optional(),
  flows: thing.optional(),
  logger: thing.optional(),
  clock: thing.optional(),
  nlp: thing.optional(),
} satisfies Record<keyof ServerOptions, z.ZodType>);

/** Throws `InvalidDefinitionError`. */
export function createServer(given: ServerOptions = {}): DefinedServer {
  checkOptions('the server', schema, given);
  const { source = 'program', ...options } = given;
  const draft = createDraft(source);
  let running: Promise<Running> | undefined;

  async function start(): Promise<Running> {
    draft.close();
    const definitions = [...(options.definitions ?? []), draft.toDefinition()];
    return listen(await createColloquy({ ...options, definitions }));
  }

  async function stop(): Promise<void> {
    const started = await running?.catch(() => undefined);
    running = undefined;
    await started?.colloquy.close();
  }

  return {
    ...createDefining(draft),

    async start() {
      const starting = (running ??= start());
      try {
        return (await starting).url;
      } catch (error) {
        if (running === starting) running = undefined;
        throw error;
      }
    },

    stop,
    [Symbol.asyncDispose]: stop,
  };
}

type Running = { readonly colloquy: Colloquy; readonly url: string };

/** What cannot listen gives its data folder back. */
async function listen(colloquy: Colloquy): Promise<Running> {
  try {
    return { colloquy, url: await colloquy.listen() };
  } catch (error) {
    await colloquy.close();
    throw error;
  }
}
