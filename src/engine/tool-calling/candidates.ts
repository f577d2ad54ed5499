/** Which tools are looked at in an iteration: those that its matched guidelines may run, each once. */
import type { ToolId } from '../../tools/tool.ts';
import type { GuidelineMatch } from '../guideline.ts';
import type { ToolEnabledMatch } from '../turn-context.ts';

/** With all the guidelines that want it, in the order of the matches. */
export function wantedTools(
  toolEnabled: readonly ToolEnabledMatch[],
): ReadonlyMap<ToolId, readonly GuidelineMatch[]> {
  const wanted = toolEnabled.flatMap(({ match, toolIds }) =>
    [...new Set(toolIds)].map((toolId) => ({ toolId, match })),
  );
  const byTool = Map.groupBy(wanted, ({ toolId }) => toolId);
  return new Map([...byTool].map(([toolId, each]) => [toolId, each.map(({ match }) => match)]));
}
