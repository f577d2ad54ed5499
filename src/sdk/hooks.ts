/** Hooks, as programs write them: async functions. What each is for: docs/hooks.md. */
import { z } from 'zod';
import type { Hook, HookName, Hooks } from '../engine/extensions.ts';
import { shown } from './check-options.ts';
import { functions, toList, type OneOrMore } from './functions.ts';

/** By name; several are asked one after the other. */
export type AgentHooks = { readonly [Name in HookName]?: OneOrMore<Hook<Name>> };

export const hooksSchema = z.strictObject(
  {
    error: functions.optional(),
    acknowledging: functions.optional(),
    acknowledged: functions.optional(),
    preparing: functions.optional(),
    preparationIterationStart: functions.optional(),
    preparationIterationEnd: functions.optional(),
    generatingPreamble: functions.optional(),
    preambleGenerated: functions.optional(),
    preambleEmitted: functions.optional(),
    generatingMessages: functions.optional(),
    draftGenerated: functions.optional(),
    messageGenerated: functions.optional(),
    messagesEmitted: functions.optional(),
  } satisfies Record<HookName, z.ZodType>,
  { error: 'must be an object of functions' },
);

/** Of hooks that were checked. `what`: whose they are. */
export function toEngineHooks(hooks: AgentHooks, what: string): Hooks {
  const entries = Object.entries(hooks) as readonly (readonly [HookName, OneOrMore<Hook<HookName>>])[]; // checked
  return Object.fromEntries(
    entries.map(([name, given]) => [name, toList(given).map((hook) => demandResult(hook, name, what))]),
  );
}

/** A hook that forgets to say anything must not end turns without a word. */
function demandResult(hook: Hook<HookName>, name: HookName, what: string): Hook<HookName> {
  return async (...given) => {
    const result: unknown = await hook(...given);
    if (result === 'next' || result === 'resolve' || result === 'bail') return result;
    throw new TypeError(`The hook ${name} of ${what} must say next, resolve or bail, not ${shown(result)}.`);
  };
}
