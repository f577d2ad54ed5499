/** The picture a turn begins with: agent, session, customer, what is stored, and what the agent remembers. */
import type { AgentRecord } from '../../entities/agents.ts';
import { CustomerNotFoundError, SessionNotFoundError } from '../../errors.ts';
import { isGrowing, type EventKind, type SessionEvent } from '../../event-log/event.ts';
import type { TurnContext } from '../turn-context.ts';
import { readAgentState } from './agent-state.ts';
import type { EngineDeps } from './engine-deps.ts';
import { toScope } from './scope.ts';
import { toSituation } from './situation.ts';

/** Kinds of events that a turn looks back on. */
export const lookedAt: readonly EventKind[] = ['message', 'tool', 'custom'];

export type TurnAbout = {
  readonly sessionId: string;
  readonly customerId: string;
  readonly traceId: string;
  readonly attempt: number;
  readonly agent: AgentRecord;
  readonly signal: AbortSignal;
  readonly readEvents: () => Promise<readonly SessionEvent[]>;
};

export async function loadContext(deps: EngineDeps, about: TurnAbout): Promise<TurnContext> {
  const { sessionId, customerId, traceId, attempt, agent, signal, readEvents } = about;
  const [session, customer, stored, state] = await Promise.all([
    deps.log.getSession(sessionId),
    readCustomer(deps, customerId),
    readEvents(),
    readAgentState(deps.log, sessionId),
  ]);
  if (!session) throw new SessionNotFoundError(sessionId);
  const events = asConversation(stored, traceId);
  const { id, name, description } = agent;
  const knowledge = deps.knowledgeOf(agent);
  const known = {
    agent: { id, name, description },
    customer: { id: customerId, name: customer.name },
    interaction: [],
    terms: [],
    variables: [],
    capabilities: [],
    staged: [],
    scope: toScope(knowledge),
  };
  return {
    sessionId,
    customerId,
    customerTags: customer.tags,
    traceId,
    attempt,
    sessionMode: session.mode,
    sessionLabels: session.labels,
    agent,
    knowledge,
    extensions: deps.extensionsOf(agent.id),
    events,
    situation: toSituation({ events, staged: [] }, known),
    state,
    journeyPaths: state.journeyPaths,
    iteration: 0,
    ordinary: [],
    toolEnabled: [],
    journeys: [],
    insights: { evaluations: [], missing: [], invalid: [] },
    staged: [],
    responseFields: {},
    signal,
  };
}

/**
 * What a turn looks back on, in order: what it has told itself, in whichever attempt, comes behind the message it answers, but for what was
 * left growing, which begins anew. What its tools have found is recalled as what the turn knows (`recall-calls.ts`).
 */
export function asConversation(events: readonly SessionEvent[], traceId: string): readonly SessionEvent[] {
  const isOwn = ({ trace_id: id, source }: SessionEvent) => id === traceId && source === 'ai_agent';
  const own = events.filter((event) => isOwn(event) && event.kind !== 'tool' && !isGrowing(event));
  return own.length === 0 && !events.some(isOwn)
    ? events
    : [...events.filter((event) => !isOwn(event)), ...own];
}

/** A customer that was deleted still talks. */
async function readCustomer(
  { customers }: Pick<EngineDeps, 'customers'>,
  customerId: string,
): Promise<{ readonly name: string; readonly tags: readonly string[] }> {
  try {
    return await customers.read(customerId);
  } catch (error) {
    if (error instanceof CustomerNotFoundError) return { name: customerId, tags: [] };
    throw error;
  }
}
