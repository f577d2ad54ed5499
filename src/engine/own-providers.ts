/** Agents that name a language provider of their own: the engine works with it for them as it does with the server's for all others. */
import type { AgentRunner } from '../agents/agent-runner.ts';
import type { AgentRecord } from '../entities/agents.ts';
import { NlpError } from '../errors.ts';
import type { NlpService } from '../nlp/nlp.ts';
import type { EngineDeps, EngineLogger } from './cycle/engine-deps.ts';
import { createEngineRunner } from './cycle/engine-runner.ts';

export type OwnProvidersOptions = {
  /** The same for the same choices. Rejects where there is none, or it lacks something. */
  readonly named: (choices: string) => Promise<NlpService>;
  readonly depsWith: (nlp: NlpService) => EngineDeps;
  readonly logger: Pick<EngineLogger, 'error'>;
};

/** Who answers for an agent with this provider; opened when it is first needed. Rejects with `NlpError` where it cannot be used. */
export function createOwnProviders({ named, depsWith, logger }: OwnProvidersOptions) {
  const made = new WeakMap<NlpService, EngineDeps>();

  async function depsOf(choices: string): Promise<EngineDeps> {
    const nlp = await open(choices);
    const deps = made.get(nlp) ?? depsWith(nlp);
    made.set(nlp, deps);
    return deps;
  }

  async function open(choices: string): Promise<NlpService> {
    try {
      return await named(choices);
    } catch (error) {
      logger.error({ nlp: choices, err: error }, 'a language provider that an agent names cannot be used');
      // Customers hear of it, and need not know which variable is missing.
      throw Object.assign(new NlpError(choices, 'it cannot be used as it is set up'), { cause: error });
    }
  }

  return {
    runnerFor(agent: AgentRecord, choices: string): AgentRunner {
      const runner = async (): Promise<AgentRunner> => createEngineRunner(await depsOf(choices), agent);
      return {
        tellsStatuses: true,
        run: async (turn) => (await runner()).run(turn),
        utter: async (request) => (await runner()).utter?.(request),
      };
    },
  };
}
