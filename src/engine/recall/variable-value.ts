/**
 * The value of one variable in one conversation. What a tool brings is kept for the next time, under the customer's own key, and until
 * the variable's rules say that it is stale.
 */
import type { ContextValue, ContextVariable } from '../../entities/collections/context-variable.ts';
import type { ContextValues } from '../../entities/context-values.ts';
import { freshnessOf } from '../../entities/freshness.ts';
import { firstHit, variableKeys } from '../../entities/variable-keys.ts';
import { ContextVariableNotFoundError, ToolNotFoundError } from '../../errors.ts';
import type { Json } from '../../event-log/event.ts';
import type { ShownVariable } from '../../nlp/questions/situation.ts';
import type { Clock } from '../../session/clock.ts';
import type { ToolDirectory } from '../../tools/tool-service.ts';
import { toCallError } from '../../tools/service-fault.ts';
import { withTimeLimit } from '../../tools/time-limit.ts';
import { parseToolId, type ToolId } from '../../tools/tool.ts';
import { toolCallId } from '../tool-calling/tool-call-id.ts';
import { longestCallMs } from '../tool-calling/tool-executor.ts';
import type { TurnContext } from '../turn-context.ts';

export type VariableSources = {
  readonly contextValues: Pick<ContextValues, 'find' | 'put'>;
  readonly tools: Pick<ToolDirectory, 'service'>;
  /** What time a value must be fresh at. */
  readonly clock: Clock;
  /** The longest time that a tool may take, in ms. Default: two minutes. */
  readonly limitMs?: number;
};

type Asker = { readonly turn: TurnContext; readonly signal: AbortSignal };

/** Undefined: nobody has a value. Rejects as tools do. */
export async function recallVariable(
  variable: ContextVariable,
  sources: VariableSources,
  asker: Asker,
): Promise<ShownVariable | undefined> {
  const { name, description } = variable;
  const value = await findValue(variable, sources, asker);
  return value === undefined ? undefined : { name, description, value };
}

async function findValue(
  { id, toolId, freshnessRules }: ContextVariable,
  sources: VariableSources,
  asker: Asker,
): Promise<Json | undefined> {
  const keys = keysOf(asker.turn);
  const stored = await sources.contextValues.find(id, keys);
  const hasTool = toolId !== null;
  const hit = firstHit(keys, { hasTool, valueOf: (key) => stored.get(key) });
  if (!hit) return undefined;
  if (!hasTool || isFresh(hit.value, { freshnessRules, clock: sources.clock })) return hit.value?.data;
  const place = { variableId: id, key: hit.key };
  const data = await fetchValue(toolId, place, { ...sources, ...asker });
  await keepValue({ ...place, data }, sources);
  return data;
}

function keysOf({ customerId, customerTags, agent }: TurnContext): readonly string[] {
  return variableKeys({ customerId, customerTags, agentId: agent.id });
}

function isFresh(
  value: ContextValue | undefined,
  { freshnessRules, clock }: { readonly freshnessRules: string | null; readonly clock: Clock },
): boolean {
  const lastModified = value?.lastModified ?? null;
  return freshnessOf({ hasTool: true, freshnessRules, lastModified, now: clock.now() }) === 'stored';
}

async function fetchValue(
  toolId: ToolId,
  place: { readonly variableId: string; readonly key: string },
  {
    tools,
    clock,
    limitMs = longestCallMs,
    turn,
    signal,
  }: Pick<VariableSources, 'tools' | 'clock' | 'limitMs'> & Asker,
): Promise<Json> {
  const { serviceName, toolName } = parseToolId(toolId);
  const service = tools.service(serviceName);
  if (!service) throw new ToolNotFoundError(toolId);
  const { sessionId, customerId, traceId, agent } = turn;
  // Named after what it is for: it must not be taken for a call that the agent makes, which has no arguments like these.
  const callId = toolCallId({ traceId, toolId, arguments: place, ordinal: 0 });
  const context = { agentId: agent.id, sessionId, customerId, callId };
  const call = (limited: AbortSignal) => service.call(toolName, { ...context, signal: limited }, {});
  try {
    return (await withTimeLimit({ clock, ms: limitMs, signal }, call)).data;
  } catch (error) {
    signal.throwIfAborted();
    throw toCallError(serviceName, toolId, error);
  }
}

async function keepValue(
  value: Parameters<ContextValues['put']>[0],
  { contextValues }: VariableSources,
): Promise<void> {
  try {
    await contextValues.put(value);
  } catch (error) {
    // Deleted since the turn began: it is good for this turn.
    if (!(error instanceof ContextVariableNotFoundError)) throw error;
  }
}
