/**
 * Makes the calls that were decided on, all at once. The rule to know: what a call of consequence is about is on disk before it is made,
 * and one that was begun and not heard of is never made again. A call that fails is a result, not a failure of the turn.
 */
import { ServiceNotFoundError, ToolNotFoundError } from '../../errors.ts';
import type { Clock } from '../../session/clock.ts';
import { isUncertain, toCallError } from '../../tools/service-fault.ts';
import { withTimeLimit } from '../../tools/time-limit.ts';
import type { ToolDirectory, ToolService } from '../../tools/tool-service.ts';
import { parseToolId } from '../../tools/tool.ts';
import { allOrNone } from '../asking/all-or-none.ts';
import type { CallHistory, ToolCall, ToolExecutor } from '../stages.ts';
import type { StagedResult, TurnContext } from '../turn-context.ts';
import { failedCall, unknownCall, withheldCall } from './call-outcomes.ts';
import { type CallVoiceOptions, createCallVoice } from './call-voice.ts';

export type ToolExecutorOptions = {
  readonly tools: Pick<ToolDirectory, 'service'>;
  readonly clock: Clock;
  readonly logger: { warn(facts: object, message: string): void };
  /** Of a call, and of the question what kind of tool it is. Default: two minutes. */
  readonly limitMs?: number;
};

/** The longest time that a call may take. */
export const longestCallMs = 120_000;

/** What becomes of a call. */
type Plan =
  /** It is not made. */
  | { readonly kind: 'settled'; readonly result: StagedResult }
  | {
      readonly kind: 'made';
      readonly call: ToolCall;
      readonly service: ToolService;
      readonly isConsequential: boolean;
    };

type Made = Extract<Plan, { kind: 'made' }>;

export function createToolExecutor(options: ToolExecutorOptions): ToolExecutor {
  const { tools, clock, logger, limitMs = longestCallMs } = options;
  return {
    async run(turn, calls, { history, announce, emit }) {
      const { signal } = turn;
      const plans = await allOrNone(calls, { signal, work: (call) => plan(call, history, signal) });
      const announced = plans.flatMap((each) => (isConsequential(each) ? [each.call] : []));
      if (announced.length > 0) await announce(announced);
      return allOrNone(plans, {
        signal,
        async work(each, limited) {
          if (each.kind === 'settled') return each.result;
          const toldBefore = history.told.get(each.call.id) ?? 0;
          return make(each, { turn, emit, toldBefore, signal: limited });
        },
      });
    },
  };

  async function plan(call: ToolCall, { done, begun }: CallHistory, signal: AbortSignal): Promise<Plan> {
    const known = done.get(call.id);
    if (known) return { kind: 'settled', result: known };
    const looked = await look(call, signal).catch((error: unknown) => ({ error }));
    signal.throwIfAborted();
    const wasBegun = begun.has(call.id);
    if ('error' in looked) {
      return { kind: 'settled', result: wasBegun ? unknownCall(call) : failed(call, looked.error) };
    }
    if (!looked.isConsequential) return { kind: 'made', call, ...looked };
    if (wasBegun) return { kind: 'settled', result: unknownCall(call) };
    const isInDoubt = [...begun.values()].some(({ toolId }) => toolId === call.toolId);
    if (isInDoubt) return { kind: 'settled', result: withheldCall(call) };
    return { kind: 'made', call, ...looked };
  }

  /** What the tool is like now; the model may have been asked about it minutes ago. */
  async function look({ toolId }: ToolCall, signal: AbortSignal): Promise<Omit<Made, 'kind' | 'call'>> {
    const { serviceName, toolName } = parseToolId(toolId);
    const service = tools.service(serviceName);
    if (!service) throw new ServiceNotFoundError(serviceName);
    const tool = await withTimeLimit({ clock, ms: limitMs, signal }, () => service.read(toolName));
    if (!tool) throw new ToolNotFoundError(toolId);
    return { service, isConsequential: tool.consequential };
  }

  async function make(
    { call, service, isConsequential: mayHaveHappened }: Made,
    { turn, emit, toldBefore, signal }: Pick<CallVoiceOptions, 'emit' | 'toldBefore'> & Site,
  ): Promise<StagedResult> {
    const { id: callId, toolId, arguments: args } = call;
    const { toolName } = parseToolId(toolId);
    const voice = createCallVoice({ turn, callId, toldBefore, emit, logger });
    const context = { ...toCaller(turn), callId, ...voice.emitters };
    try {
      const result = await withTimeLimit({ clock, ms: limitMs, signal }, (limited) =>
        service.call(toolName, { ...context, signal: limited }, args),
      );
      voice.throwIfRefused();
      return { toolId, arguments: args, result };
    } catch (error) {
      signal.throwIfAborted();
      voice.throwIfRefused();
      if (!mayHaveHappened || !isUncertain(error)) return failed(call, error);
      logger.warn({ toolId, callId }, 'a tool of consequence did not answer: what it did is not known');
      return unknownCall(call, told(call, error));
    }
  }

  function failed(call: ToolCall, error: unknown): StagedResult {
    const { id: callId, toolId } = call;
    logger.warn({ toolId, callId, error: nameOf(error) }, 'a tool call failed');
    return failedCall(call, told(call, error));
  }
}

type Site = { readonly turn: TurnContext; readonly signal: AbortSignal };

function isConsequential(plan: Plan): plan is Made {
  return plan.kind === 'made' && plan.isConsequential;
}

function toCaller({ agent, sessionId, customerId }: TurnContext) {
  return { agentId: agent.id, sessionId, customerId };
}

/** As the service would have told it. */
function told({ toolId }: ToolCall, error: unknown): unknown {
  return toCallError(parseToolId(toolId).serviceName, toolId, error);
}

/** Messages may hold what the customer said, and that is nothing for the console. */
function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
