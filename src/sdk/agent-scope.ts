/** Whose something is. */
export type AgentScope = {
  readonly agentId: string;
  /** `agent:<id>`: what carries it, the agent knows. */
  readonly agentTag: string;
};
