/**
 * The tools that matched guidelines want, as they are for this session. One that cannot be asked about does not hold up the turn: it is
 * left out, and said to be of no use now.
 */
import { ServiceNotFoundError, ToolNotFoundError } from '../../errors.ts';
import type { Clock } from '../../session/clock.ts';
import { withTimeLimit } from '../../tools/time-limit.ts';
import type { ToolDirectory } from '../../tools/tool-service.ts';
import { parseToolId, type Tool, type ToolContext, type ToolId } from '../../tools/tool.ts';
import { allOrNone } from '../asking/all-or-none.ts';
import type { GuidelineMatch } from '../guideline.ts';
import type { TurnContext } from '../turn-context.ts';
import type { Candidate } from './evaluation.ts';

export type WantedTool = Candidate & {
  /** Those that want it. */
  readonly matches: readonly GuidelineMatch[];
};

export type ResolvedTools = {
  readonly candidates: readonly WantedTool[];
  readonly unavailable: readonly ToolId[];
};

export type ResolvingOptions = {
  readonly tools: Pick<ToolDirectory, 'service'>;
  readonly clock: Clock;
  readonly logger: { warn(facts: object, message: string): void };
};

/** A service may work out what its tool takes in this session; not for ever. */
const limitMs = 30_000;

/** All at once, in their order. Rejects only with the turn's signal. */
export async function resolveCandidates(
  turn: TurnContext,
  wanted: ReadonlyMap<ToolId, readonly GuidelineMatch[]>,
  { tools, clock, logger }: ResolvingOptions,
): Promise<ResolvedTools> {
  const asked = await allOrNone([...wanted], {
    signal: turn.signal,
    async work([toolId, matches], signal): Promise<WantedTool | ToolId> {
      try {
        const context = toContext(turn, signal);
        const tool = await withTimeLimit({ clock, ms: limitMs, signal }, (limited) =>
          resolve(tools, toolId, { ...context, signal: limited }),
        );
        return { toolId, tool, matches };
      } catch (error) {
        signal.throwIfAborted();
        logger.warn({ toolId, err: error }, 'a tool that a guideline wants is left out');
        return toolId;
      }
    },
  });
  return {
    candidates: asked.flatMap((each) => (typeof each === 'string' ? [] : [each])),
    unavailable: asked.flatMap((each) => (typeof each === 'string' ? [each] : [])),
  };
}

async function resolve(
  tools: ResolvingOptions['tools'],
  toolId: ToolId,
  context: ToolContext,
): Promise<Tool> {
  const { serviceName, toolName } = parseToolId(toolId);
  const service = tools.service(serviceName);
  if (!service) throw new ServiceNotFoundError(serviceName);
  const tool = await service.resolve(toolName, context);
  if (!tool) throw new ToolNotFoundError(toolId);
  return tool;
}

/** No call yet: what is asked for the turn has the turn's id. */
function toContext({ agent, sessionId, customerId, traceId }: TurnContext, signal: AbortSignal): ToolContext {
  return { agentId: agent.id, sessionId, customerId, callId: traceId, signal };
}
