/**
 * Which tools to call: those that matched guidelines want are looked up, put into batches, and a model is asked about all batches at
 * the same time. What its answers come to is worked out in `evaluate-….ts`.
 */
import type { NlpService } from '../../nlp/nlp.ts';
import type { ToolId } from '../../tools/tool.ts';
import { allOrNone } from '../asking/all-or-none.ts';
import type { ToolInference } from '../stages.ts';
import type { StagedResult } from '../turn-context.ts';
import { askAboutOverlapping, askAboutTool, toShown } from './ask-about-tools.ts';
import { toToolBatches } from './batches.ts';
import { wantedTools } from './candidates.ts';
import { canonicalJson } from './canonical-json.ts';
import { evaluated, joinEvaluated, type DecidedCall, type Evaluated } from './evaluation.ts';
import { resolveCandidates, type ResolvingOptions, type WantedTool } from './resolve-candidates.ts';
import { identifyCalls } from './tool-call-id.ts';

export type ToolInferenceOptions = ResolvingOptions & {
  readonly nlp: Pick<NlpService, 'ask'>;
};

/** Its `infer` rejects with the turn's signal, or where one batch had no answer that could be used. */
export function createToolInference(options: ToolInferenceOptions): ToolInference {
  const { nlp, logger } = options;
  return {
    async infer(turn, toolEnabled) {
      const { candidates, unavailable } = await resolveCandidates(turn, wantedTools(toolEnabled), options);
      const { batches, unheard } = toToolBatches(
        candidates.map(({ toolId, tool }) => ({ toolId, overlap: tool.overlap })),
        turn.knowledge.relationships,
      );
      if (unheard.length > 0) {
        logger.warn(
          { toolIds: unheard },
          'tools that overlap with none have relationships that say otherwise',
        );
      }
      const shown = toShown(turn);
      const parts = await allOrNone(batches, {
        signal: turn.signal,
        async work({ kind, toolIds }, signal) {
          const wanted = candidates.filter(({ toolId }) => toolIds.includes(toolId));
          const asking = { nlp, shown, signal };
          const [tool] = wanted;
          if (kind === 'overlapping' || !tool) return askAboutOverlapping(wanted, asking);
          return askAboutTool(tool, othersThan(tool, candidates), asking);
        },
      });
      const left = unavailable.map((toolId) => evaluated(toolId, { evaluation: 'cannot_run' }));
      const { calls, insights } = joinEvaluated([...left, ...withoutRepeats(parts)]);
      const earlier = turn.staged.filter(isOfThisAttempt);
      return { calls: identifyCalls(calls, { traceId: turn.traceId, earlier }), insights };
    },
  };
}

function othersThan(tool: WantedTool, candidates: readonly WantedTool[]): readonly WantedTool[] {
  return candidates.filter((each) => each !== tool);
}

/** A tool that is looked at in two batches is not called twice for the same: only one answer may ask for equal calls. */
function withoutRepeats(parts: readonly Evaluated[]): readonly Evaluated[] {
  const asked = new Set<string>();
  return parts.map((part) => {
    const calls = part.calls.filter((call) => !asked.has(nameOf(call)));
    for (const call of calls) asked.add(nameOf(call));
    return { ...part, calls };
  });
}

function nameOf({ toolId, arguments: given }: DecidedCall): string {
  return canonicalJson([toolId satisfies ToolId, given]);
}

/** What is recalled is not counted: the same call is known by its number again. */
function isOfThisAttempt({ recalledCallId }: StagedResult): boolean {
  return recalledCallId === undefined;
}
