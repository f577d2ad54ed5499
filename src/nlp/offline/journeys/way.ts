/** Ways on from a step, as their conditions tell: which steps must be done for it, and what else must be the case. */
import { rememberTexts } from '../../lexical/remember-texts.ts';

export type WayCondition = {
  /** Actions that must be done: of the current step, and of those passed on the way. */
  readonly done: readonly string[];
  /** Conditions of the transitions. */
  readonly edges: readonly string[];
};

/** Between the parts of a condition that was put together. */
const joint = ', and ';
const doneForm = /this is done: "(.*?)"(?=, and |$)/gs;

export function readWay(condition: string): WayCondition {
  return read(condition);
}

const read = rememberTexts((condition: string): WayCondition => {
  const done = [...condition.matchAll(doneForm)].map(([, action = '']) => action);
  const rest = done.length === 0 ? condition : condition.replace(doneForm, '');
  const edges = (done.length === 0 ? [rest] : rest.split(joint)).map((edge) => edge.trim());
  return { done, edges: edges.filter((edge) => edge !== '') };
});

/** The same form as it is read; empty parts are left out. */
export function writeWay(
  parts: readonly { readonly done?: string | null; readonly edge?: string | null }[],
): string {
  return parts
    .flatMap(({ done, edge }) => [done ? `this is done: "${done}"` : '', edge ?? ''])
    .filter((part) => part !== '')
    .join(joint);
}
