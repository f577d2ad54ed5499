/** Providers that agents name for themselves: what is missing for one is said when the program starts, or when the name is given. */
import type { NlpServices } from './create-nlp.ts';
import { NlpSettingsError } from './nlp-settings-error.ts';

type NamingAgent = { readonly id: string; readonly nlp?: string };

export type NamedByAgentsOptions = {
  readonly services: Pick<NlpServices, 'named'>;
  /** The program's own: where one cannot be used, it does not start. Ids. */
  readonly defined: readonly string[];
  /** Is told of the others, which were stored when everything was there. */
  readonly logger: { error(facts: object, message: string): void };
};

/** Rejects with `NlpSettingsError`, in one line that names the agent and what is missing. */
export async function openNamedByAgents(
  agents: readonly NamingAgent[],
  { services, defined, logger }: NamedByAgentsOptions,
): Promise<void> {
  for (const { id, nlp } of agents) {
    const reason = nlp === undefined ? undefined : await whyNotNlp(services, nlp);
    if (reason === undefined) continue;
    if (defined.includes(id))
      throw new NlpSettingsError(`The agent "${id}" cannot be answered for: ${reason}`);
    logger.error({ agentId: id, nlp, reason }, 'an agent names a language provider that cannot be used');
  }
}

/** Why it cannot be used, in one line; undefined: it can. */
export async function whyNotNlp(
  { named }: Pick<NlpServices, 'named'>,
  choices: string,
): Promise<string | undefined> {
  try {
    await named(choices);
    return undefined;
  } catch (error) {
    if (error instanceof NlpSettingsError) return error.message;
    throw error;
  }
}
