/** Matchers: functions that say whether a guideline applies, in place of a model. */
import type { EntityExtensions } from '../engine/extensions.ts';
import type { TurnContext } from '../engine/turn-context.ts';
import { isObject } from '../tools/json.ts';
import { shown } from './check-options.ts';

/** Whether it applies; `rationale`: why, for whoever follows the turn. */
export type Matched = boolean | { readonly matched: boolean; readonly rationale?: string };

/** Asked whenever the guideline is considered. One that throws says no, and the log tells of it. */
export type Matcher = (turn: TurnContext) => Matched | Promise<Matched>;

/** For a guideline that always applies: `createGuideline({ matcher: MATCH_ALWAYS, action: … })`. */
export const MATCH_ALWAYS: Matcher = () => ({ matched: true, rationale: 'It always applies.' });

/** `what`: whose it is. */
export function toEngineMatcher(matcher: Matcher, what: string): NonNullable<EntityExtensions['matcher']> {
  return async (turn) => {
    const answer: unknown = await matcher(turn);
    if (typeof answer === 'boolean') return { matched: answer, rationale: usual };
    if (isObject(answer) && typeof answer['matched'] === 'boolean') {
      const { matched, rationale } = answer;
      return { matched, rationale: typeof rationale === 'string' ? rationale : usual };
    }
    throw new TypeError(
      `The matcher of ${what} must say true, false or { matched, rationale }, not ${shown(answer)}.`,
    );
  };
}

const usual = 'The program says so.';
