/**
 * Ids of calls, made of what is called: when a turn is tried again, the same call has the same id, and whoever kept what came of it finds
 * it. Equal calls of one turn are numbered.
 */
import { createHash } from 'node:crypto';
import type { Json } from '../../event-log/event.ts';
import type { ToolCall } from '../stages.ts';
import { canonicalJson } from './canonical-json.ts';
import type { DecidedCall } from './evaluation.ts';

/** 132 bits: nobody meets an equal one by chance. */
const idLength = 22;

/** `earlier`: the calls that were made in this turn before. */
export function identifyCalls(
  calls: readonly DecidedCall[],
  { traceId, earlier }: { readonly traceId: string; readonly earlier: readonly DecidedCall[] },
): readonly ToolCall[] {
  const equals = new Map<string, number>();
  const count = (call: DecidedCall) => {
    const key = canonicalJson([call.toolId, call.arguments]);
    const ordinal = equals.get(key) ?? 0;
    equals.set(key, ordinal + 1);
    return ordinal;
  };
  for (const call of earlier) count(call);
  return calls.map(({ toolId, arguments: given }) => {
    const call = { toolId, arguments: given };
    return { id: toolCallId({ traceId, ...call, ordinal: count(call) }), ...call };
  });
}

/** `ordinal`: how many equal calls were before it in the turn. */
export function toolCallId({
  traceId,
  toolId,
  arguments: given,
  ordinal,
}: DecidedCall & { readonly traceId: string; readonly ordinal: number }): string {
  const named: Json = [traceId, toolId, given, ordinal];
  return createHash('sha256').update(canonicalJson(named)).digest('base64url').slice(0, idLength);
}
