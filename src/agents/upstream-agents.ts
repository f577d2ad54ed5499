/**
 * Agents that live on other servers, from the configuration or the environment. Agents of one server share its client: two pools of
 * connections per server, however many sessions.
 */
import { InvalidAgentError } from '../errors.ts';
import type { Agent } from './agent-runner.ts';
import type { InterruptionPolicy } from '../event-log/session-record.ts';
import { createParlantUpstream, type ParlantUpstream } from '../upstream/parlant-upstream.ts';

/** An agent of a Parlant server, as `colloquy.config.ts` names it. */
export type UpstreamAgentConfig = {
  /** What clients call it here. */
  readonly id: string;
  /** 1 to 100 characters; default: the id. */
  readonly name?: string;
  readonly description?: string | null;
  /** What a new message does to a turn under way; default `interrupt`. */
  readonly interruption?: InterruptionPolicy;
  readonly upstream: {
    /** Where the server's routes are: `http://localhost:8800`. */
    readonly url: string;
    /** Its id there; default: the id here. */
    readonly agentId?: string;
    /** Sent with every request, for a proxy that asks for them (`authorization`). */
    readonly headers?: Readonly<Record<string, string>>;
  };
};

export type UpstreamAgents = {
  readonly agents: readonly Agent[];
  /** Ends every connection. */
  close(): Promise<void>;
};

/** Makes agents of what was configured. Connects to nothing yet. Throws `InvalidUpstreamError` or `InvalidAgentError`. */
export function createUpstreamAgents(configs: readonly UpstreamAgentConfig[]): UpstreamAgents {
  const servers = new Map<string, ParlantUpstream>();
  const agents = configs.map(({ id, name, description, interruption, upstream }): Agent => {
    // From plain JavaScript it may be anything.
    const { url, agentId = id, headers }: UpstreamAgentConfig['upstream'] = Object(upstream);
    if (typeof url !== 'string') throw new InvalidAgentError(id, 'its upstream has no url');
    const key = JSON.stringify([url.replace(/\/+$/, ''), headers ?? {}]);
    const server = servers.get(key) ?? createParlantUpstream({ url, ...(headers && { headers }) });
    servers.set(key, server);
    return {
      id,
      name: name ?? id,
      description: description ?? null,
      interruption: interruption ?? 'interrupt',
      upstream: { url, server, agentId },
    };
  });
  return {
    agents,
    async close() {
      await Promise.all([...servers.values()].map((server) => server.close()));
    },
  };
}
