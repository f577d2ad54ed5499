/** Answers about tools: every tool asked about is called, with what is known of its parameters. */
import type { AnswerOf } from '../../questions/questions.ts';
import {
  missingValue,
  type CandidateTool,
  type OverlappingToolsInput,
  type ToolInput,
} from '../../questions/tools.ts';
import { judgeCondition } from '../conditions/judge-condition.ts';
import { toScene, type Scene } from '../conditions/scene.ts';
import { humanised } from '../conditions/facts.ts';
import { coverageOf } from '../journeys/coverage.ts';
import { repeats } from '../reading/repeats.ts';
import type { World } from '../world.ts';
import { inferArguments, type Argument } from './infer-arguments.ts';

export function answerSimple({ situation, candidate }: ToolInput, { now }: World): AnswerOf<'tools_simple'> {
  const scene = toScene(situation);
  const args = inferArguments(candidate.toolId, candidate.tool, { scene, now });
  const given = args.flatMap(({ wanted, found }): [string, string][] => {
    if (found && 'value' in found) return [[wanted.name, found.value]];
    return wanted.isRequired ? [[wanted.name, missingValue]] : [];
  });
  return {
    reasoning: 'A guideline that applies wants this tool.',
    shouldRun: true,
    calls: [{ args: Object.fromEntries(given) }],
  };
}

export function answerFull(
  { situation, candidate, references }: ToolInput,
  { now }: World,
): AnswerOf<'tools_full'> {
  const scene = toScene(situation);
  const args = inferArguments(candidate.toolId, candidate.tool, { scene, now });
  const own = fitOf(candidate, scene, now);
  const better = references.find((reference) => fitOf(reference, scene, now) > own + clearlyBetter);
  return {
    lastMessage: scene.latest?.text.slice(0, 200) ?? null,
    isNeedResolved: false,
    calls: [
      {
        rationale: 'A guideline that applies wants this tool.',
        isApplicable: true,
        arguments: args.flatMap(toAnswer),
        alreadyStaged: wasCalled(candidate.toolId, args, scene),
        betterRejectedTool: better?.toolId ?? null,
        runInTandem: false,
      },
    ],
  };
}

const clearlyBetter = 0.25;

export function answerOverlapping(
  { situation, candidates }: OverlappingToolsInput,
  { now }: World,
): AnswerOf<'tools_overlapping'> {
  const scene = toScene(situation);
  const rated = candidates.map((candidate) => {
    const args = inferArguments(candidate.toolId, candidate.tool, { scene, now });
    const isReady = args.every(({ wanted, found }) => !wanted.isRequired || (found && 'value' in found));
    return { candidate, args, fit: fitOf(candidate, scene, now) + (isReady ? 0.1 : 0) };
  });
  const best = rated.reduce<(typeof rated)[number] | undefined>(
    (best, each) => (best && best.fit >= each.fit ? best : each),
    undefined,
  );
  return {
    tools: rated.map(({ candidate, args }) => ({
      name: candidate.toolId,
      rationale: candidate === best?.candidate ? 'It fits best.' : 'Another tool fits better.',
      isApplicable: candidate === best?.candidate,
      alternativeShouldRun: candidate !== best?.candidate,
      calls: [{ arguments: args.flatMap(toAnswer), alreadyStaged: wasCalled(candidate.toolId, args, scene) }],
    })),
  };
}

type ArgumentAnswer = NonNullable<AnswerOf<'tools_full'>['calls'][number]['arguments']>[number];

/** What is optional and not told is not spoken of. */
function toAnswer({ wanted, found }: Argument): readonly ArgumentAnswer[] {
  const { name, isRequired } = wanted;
  const about = { parameter: name, isOptional: !isRequired, isProvided: found !== undefined };
  if (found && 'value' in found) return [{ ...about, status: 'valid', value: found.value }];
  if (found) return [{ ...about, status: 'invalid', value: found.invalid }];
  return isRequired ? [{ ...about, status: 'missing', value: null }] : [];
}

/** In this turn; or before, and nothing was told anew since, except where the customer wants it once more. */
function wasCalled(toolId: string, args: readonly Argument[], { situation, talk, latest }: Scene): boolean {
  const given = args.flatMap(({ wanted, found }) =>
    found && 'value' in found ? [[wanted.name, found.value] as const] : [],
  );
  const isSame = (call: { readonly toolId: string; readonly arguments: Readonly<Record<string, unknown>> }) =>
    call.toolId === toolId && given.every(([name, value]) => sameValue(call.arguments[name], value));
  if (situation.staged.some(isSame)) return true;
  return given.length > 0 && talk.calls.some(isSame) && !(latest && repeats(latest.text));
}

function sameValue(called: unknown, value: string): boolean {
  return (typeof called === 'string' ? called : JSON.stringify(called)) === value;
}

/** How well a tool fits the latest words, by what it says of itself and by the guidelines that want it. */
function fitOf({ toolId, tool, guidelines }: CandidateTool, scene: Scene, now: number): number {
  const text = scene.latest?.text ?? '';
  const name = humanised(toolId.slice(toolId.indexOf(':') + 1));
  const byText = coverageOf(text, `${name} ${tool.description}`);
  const byName = coverageOf(name, text);
  const byGuideline = Math.max(
    0,
    ...guidelines.map(({ condition }) => judgeCondition(condition, scene, now).score),
  );
  return byText * 0.5 + byName * 0.3 + byGuideline * 0.2;
}
