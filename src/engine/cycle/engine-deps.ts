/** What the engine works with: everything that a turn may ask for, given once. */
import type { Customers } from '../../entities/customers.ts';
import type { AgentRecord } from '../../entities/agents.ts';
import type { EventLog, SessionStore } from '../../event-log/event-log.ts';
import type { NlpService } from '../../nlp/nlp.ts';
import type { ShownCapability, ShownTerm, ShownVariable } from '../../nlp/questions/situation.ts';
import type { Clock } from '../../session/clock.ts';
import type { AgentKnowledge } from '../agent-knowledge.ts';
import type { AgentExtensions } from '../extensions.ts';
import type { GuidelineMatch } from '../guideline.ts';
import type { EngineObserver } from '../observing/engine-observer.ts';
import type { Stages } from '../stages.ts';
import type { TurnContext } from '../turn-context.ts';

/** What of an agent's knowledge bears on the conversation. */
export interface Recall {
  /** Values of its variables for this customer; those that are stale are fetched. A failing tool fails it. */
  variables(turn: TurnContext): Promise<readonly ShownVariable[]>;
  /** Terms that come up in the conversation, or in these guidelines. */
  terms(turn: TurnContext, guidelines: readonly GuidelineMatch[]): Promise<readonly ShownTerm[]>;
  capabilities(turn: TurnContext): Promise<readonly ShownCapability[]>;
}

export type EngineLogger = {
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
};

export type EngineDeps = {
  readonly log: Pick<EventLog, 'append' | 'read' | 'patch'> &
    Pick<SessionStore, 'getSession' | 'updateSession'>;
  readonly customers: Pick<Customers, 'read'>;
  /** What the agent knows now. */
  readonly knowledgeOf: (agent: AgentRecord) => AgentKnowledge;
  readonly extensionsOf: (agentId: string) => AgentExtensions;
  readonly recall: Recall;
  /** Made once for all agents; `nlp`: the agent's own, where it has one. */
  readonly stages: Stages;
  readonly nlp: Pick<NlpService, 'rank'>;
  readonly clock: Clock;
  /** Who is told how turns go. */
  readonly observer: EngineObserver;
  /** Events that a turn looks back on. */
  readonly historyLimit: number;
  readonly logger: EngineLogger;
};
