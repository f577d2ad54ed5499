/** How it is decided whether a tool that overlaps with no other is called: the less a mistake costs, the less is asked. */
import type { StagedResult } from '../turn-context.ts';
import { evaluated, type Candidate, type Evaluated } from './evaluation.ts';

/** `auto`: it is called, nobody is asked. */
export type InferencePath = 'auto' | 'simple' | 'full';

/** `staged`: calls of this turn. */
export function inferencePath(
  { toolId, tool }: Candidate,
  staged: readonly Pick<StagedResult, 'toolId'>[],
): InferencePath {
  if (tool.consequential) return 'full';
  const isStaged = staged.some((call) => call.toolId === toolId);
  return Object.keys(tool.parameters).length === 0 && !isStaged ? 'auto' : 'simple';
}

/** What comes of the path `auto`. */
export function callAtOnce({ toolId }: Candidate): Evaluated {
  return evaluated(toolId, { evaluation: 'needs_to_run', call: {} });
}
