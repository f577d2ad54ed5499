/** Whether tools of a turn want the session in another mode. */
import type { SessionMode } from '../../event-log/session-record.ts';
import type { ToolResult } from '../../tools/tool.ts';

/**
 * Of all results of the turn, in order, the last one decides; one that says nothing wants the mode as it is. Undefined: it stays. The
 * turn under way is finished all the same.
 */
export function requestedMode(
  current: SessionMode,
  results: readonly Pick<ToolResult, 'control'>[],
): SessionMode | undefined {
  const wanted = results.at(-1)?.control.mode ?? current;
  return wanted === current ? undefined : wanted;
}
