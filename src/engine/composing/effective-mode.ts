/** How strictly an answer keeps to what was written for the agent: the agent's own mode, unless guidelines that apply ask for another. */
import type { CompositionMode } from '../../entities/collections/agent.ts';
import type { GuidelineMatch } from '../guideline.ts';

export type CannedMode = Exclude<CompositionMode, 'fluid'>;

const strictestFirst: readonly CannedMode[] = ['strict_canned', 'composited_canned', 'canned_fluid'];

/** The strictest that is asked for, also where it is less strict than the agent; a strict agent stays strict. */
export function effectiveMode(agentMode: CannedMode, matches: readonly GuidelineMatch[]): CannedMode {
  if (agentMode === 'strict_canned') return agentMode;
  const asked = new Set(matches.map(({ guideline }) => guideline.compositionMode));
  return strictestFirst.find((mode) => asked.has(mode)) ?? agentMode;
}
