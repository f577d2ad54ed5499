/** What an agent does in code: hooks, a planner, how it keeps customers company, and what it says where nothing fits. */
import { z } from 'zod';
import { createBasicPolicy, nullPolicy, voicePolicy } from '../engine/cycle/performance-policies.ts';
import type { PerformancePolicy, Planner } from '../engine/extensions.ts';
import type { TurnContext } from '../engine/turn-context.ts';
import type { CompositionMode } from '../entities/collections/agent.ts';
import { InvalidDefinitionError } from '../errors.ts';
import type { AgentAttachments } from './attachment-shelf.ts';
import { oneFunction } from './functions.ts';
import { hooksSchema, toEngineHooks, type AgentHooks } from './hooks.ts';
import { statement, texts } from './options.ts';

const policies = {
  /** Short pauses, a few words before a longer wait, paragraphs as messages of their own. */
  basic: createBasicPolicy,
  /** Nothing of it. */
  null: () => nullPolicy,
  /** Always a few words first: on the phone silence is worse. */
  voice: () => voicePolicy,
} as const satisfies Record<string, () => PerformancePolicy>;

export type AgentFunctions = {
  /** Called at their moments in every turn of the agent: docs/hooks.md. */
  readonly hooks?: AgentHooks;
  /** Watches over every turn of the agent, and may change what is matched and which tools are called. */
  readonly planner?: Planner;
  /** How customers are kept company while the agent works; default: `basic` where a model is asked, `null` where none is. */
  readonly performancePolicy?: keyof typeof policies | PerformancePolicy;
  /** Words that bridge the time: how they sound, and what else to know. Not of `fluid` agents, which say none. */
  readonly preamble?: { readonly examples?: readonly string[]; readonly instructions?: readonly string[] };
  /** What is said where no canned response fits and none else may be said. Not of `fluid` agents, which say what they want. */
  readonly noMatch?: string | ((turn: TurnContext) => string | Promise<string>);
};

const methods = [
  'processingDelayMs',
  'extendedDelayMs',
  'followUpDelayMs',
  'preambleDelayMs',
  'isPreambleRequired',
] as const satisfies readonly (keyof PerformancePolicy)[];

const names = Object.keys(policies);

export const agentFunctionsShape = {
  hooks: hooksSchema.optional(),
  planner: z
    .custom<Planner>((value) => hasMethods(value, ['createPlan']), {
      error: 'must be an object with a function createPlan',
    })
    .optional(),
  performancePolicy: z
    .custom<AgentFunctions['performancePolicy']>(isPolicy, {
      error: `must be one of ${names.join(', ')}, or an object with the functions ${methods.join(', ')} and splitsMessages, true or false`,
    })
    .optional(),
  preamble: z
    .strictObject(
      { examples: texts.optional(), instructions: texts.optional() },
      { error: 'must be an object of examples and instructions' },
    )
    .optional(),
  noMatch: z.union([statement(), oneFunction], { error: 'must be a text or a function' }).optional(),
} satisfies Record<keyof AgentFunctions, z.ZodType>;

/** Of options that were checked. Throws `InvalidDefinitionError` for what such an agent never needs. */
export function toAgentAttachments(
  options: AgentFunctions,
  { what, compositionMode }: { readonly what: string; readonly compositionMode: CompositionMode },
): AgentAttachments {
  const { hooks, planner, performancePolicy: policy, preamble, noMatch } = options;
  for (const name of ['preamble', 'noMatch'] as const) {
    if (options[name] !== undefined && compositionMode === 'fluid') {
      throw new InvalidDefinitionError(what, `it has a ${name}, of which fluid agents make no use`);
    }
  }
  return {
    ...(hooks && { hooks: toEngineHooks(hooks, what) }),
    ...(planner && { planner }),
    ...(policy && { policy: typeof policy === 'string' ? policies[policy]() : policy }),
    ...(preamble && { preamble }),
    ...(noMatch !== undefined && { noMatch: typeof noMatch === 'string' ? () => noMatch : noMatch }),
  };
}

function isPolicy(value: unknown): boolean {
  if (typeof value === 'string') return names.includes(value);
  return hasMethods(value, methods) && typeof Reflect.get(value, 'splitsMessages') === 'boolean';
}

/** Also of a class. */
function hasMethods(value: unknown, names: readonly string[]): value is object {
  if (typeof value !== 'object' || value === null) return false;
  return names.every((name) => typeof Reflect.get(value, name) === 'function');
}
