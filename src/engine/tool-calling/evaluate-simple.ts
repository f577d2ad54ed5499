/**
 * What an answer about a tool comes to whose calls can be repeated: the calls it names, but for one that was made already, and those
 * whose required values are not known. Values are not looked at: the tool's own conversion does that.
 */
import type { Json, JsonObject } from '../../event-log/event.ts';
import { missingValue } from '../../nlp/questions/tools.ts';
import { canonicalJson } from './canonical-json.ts';
import { evaluated, joinEvaluated, type Candidate, type DecidedCall, type Evaluated } from './evaluation.ts';
import { parameterOf, problemsOf } from './parameter-problem.ts';

/** `staged`: calls of this turn, in order. */
export function evaluateSimple(
  candidate: Candidate,
  {
    staged,
    answer,
  }: {
    readonly staged: readonly DecidedCall[];
    readonly answer: { readonly calls: readonly { readonly args: JsonObject }[] };
  },
): Evaluated {
  // Only the first call of the tool counts, as in Parlant; a later one may be made again.
  const first = staged.find(({ toolId }) => toolId === candidate.toolId);
  const made = first && canonicalJson(toTexts(first.arguments));
  return joinEvaluated(
    answer.calls.map(({ args }) => {
      const given = toTexts(args);
      if (canonicalJson(given) === made)
        return evaluated(candidate.toolId, { evaluation: 'data_already_in_context' });
      return evaluateCall(candidate, given);
    }),
  );
}

function evaluateCall(candidate: Candidate, given: Texts): Evaluated {
  const { toolId, tool } = candidate;
  const isKnown = (name: string) => Object.hasOwn(given, name) && !missingMarks.has(given[name] ?? null);
  const missing = tool.required.filter((name) => !isKnown(name));
  if (missing.length > 0) {
    return evaluated(toolId, {
      evaluation: 'cannot_run',
      missing: missing.flatMap((name) => problemsOf(candidate, name)),
    });
  }
  const values = Object.entries(given).filter(([name]) => parameterOf(candidate, name) && isKnown(name));
  const unknown = Object.keys(tool.parameters).filter((name) => !isKnown(name));
  const call = Object.fromEntries([...values, ...unknown.map((name) => [name, null] as const)]);
  return evaluated(toolId, { evaluation: 'needs_to_run', call });
}

type Texts = Readonly<Record<string, string | null>>;

/** Models write numbers, booleans and lists, too. */
function toTexts(args: JsonObject): Texts {
  return Object.fromEntries(Object.entries(args).map(([name, value]) => [name, toText(value)]));
}

function toText(value: Json): string | null {
  return typeof value === 'string' || value === null ? value : JSON.stringify(value);
}

/** Alone, or as the only item of a list, whoever's quotes it has. */
const missingMarks: ReadonlySet<string | null> = new Set([
  missingValue,
  `['${missingValue}']`,
  `["${missingValue}"]`,
]);
