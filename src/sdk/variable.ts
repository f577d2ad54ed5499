/**
 * Context variables: what an agent is told of a customer with every message. Values set here are where it begins: what its tool fetches,
 * or an operator changes, stays until the program says something else.
 */
import { z } from 'zod';
import type { DefinedValue } from '../definition/reconcile.ts';
import type { Collection } from '../documents/collection.ts';
import { agentTag } from '../entities/collections/agent.ts';
import {
  contextValueCollection,
  contextVariableCollection,
  defaultKey,
} from '../entities/collections/context-variable.ts';
import { valueId } from '../entities/context-values.ts';
import { checkFreshnessRules } from '../entities/freshness.ts';
import { InvalidDefinitionError, InvalidFreshnessRulesError } from '../errors.ts';
import type { Json } from '../event-log/event.ts';
import type { DefinedAgent } from './agent.ts';
import type { AgentScope } from './agent-scope.ts';
import { checkOptions, named, shown } from './check-options.ts';
import type { DefinedCustomer } from './customer.ts';
import { definedId, type Draft } from './draft.ts';
import { chosenId, json, name, statement, text, thing, toJson } from './options.ts';
import type { DefinedTag } from './tag.ts';
import type { ToolReference } from './tool-shelf.ts';

export type VariableOptions = {
  readonly name: string;
  readonly description?: string;
  /** Fetches a value that is missing or stale; it is called without arguments. */
  readonly tool?: ToolReference;
  /** Cron (minute hour day month weekday), UTC: from its first tick after it was fetched, a value is stale. Default: always. */
  readonly freshnessRules?: string;
  /** Default: made of the agent and the name. */
  readonly id?: string;
};

/** Of several that have a value, the customer's own counts first, then one of the customer's tags', then the agent's. */
export type ValueOwner = DefinedCustomer | DefinedTag | DefinedAgent | 'default';

export type DefinedVariable = {
  readonly kind: 'variable';
  readonly id: string;
  readonly name: string;
  /** `data`: JSON. Again for the same: the last one counts. Throws `InvalidDefinitionError`. */
  setValue(owner: ValueOwner, data: Json): void;
};

const schema = z.strictObject({
  name: name({ max: 1_000 }),
  description: text().optional(),
  tool: thing.optional(),
  freshnessRules: statement().optional(),
  id: chosenId.optional(),
} satisfies Record<keyof VariableOptions, z.ZodType>);

/** Throws `InvalidDefinitionError`. */
export function createVariable(
  draft: Draft,
  { agentId, agentTag }: AgentScope,
  options: VariableOptions,
): DefinedVariable {
  const what = named('variable', (options as Partial<VariableOptions> | undefined)?.name); // not checked yet
  checkOptions(what, schema, options);
  const {
    name,
    description = null,
    tool,
    freshnessRules,
    id = definedId('variable', agentId, name),
  } = options;
  checkRules(what, options);
  const toolId = tool === undefined ? null : draft.tools.use(tool, what);
  const fields = { name, description, toolId, freshnessRules: freshnessRules ?? null, tags: [agentTag] };
  draft.add(contextVariableCollection, { id, what, fields });
  return draft.handle({
    kind: 'variable',
    id,
    name,
    setValue: (owner, data) => setValue(draft, { id, what }, { owner, data }),
  });
}

function checkRules(what: string, { freshnessRules, tool }: VariableOptions): void {
  if (freshnessRules === undefined) return;
  if (tool === undefined) {
    throw new InvalidDefinitionError(
      what,
      'its freshnessRules say when its tool is asked again, and it has no tool',
    );
  }
  try {
    checkFreshnessRules(freshnessRules);
  } catch (error) {
    if (!(error instanceof InvalidFreshnessRulesError)) throw error;
    const reason = error.message.replace(/^freshness_rules: /, 'its freshnessRules ').replace(/\.$/, '');
    throw new InvalidDefinitionError(what, reason);
  }
}

type Variable = { readonly id: string; readonly what: string };
type NewValue = { readonly owner: ValueOwner; readonly data: Json };

/** Of values as they are defined: without the time, which storing adds. */
const valueCollection = contextValueCollection as Collection<object> as Collection<DefinedValue>;

function setValue(draft: Draft, variable: Variable, { owner, data }: NewValue): void {
  const what = `a value of ${variable.what}`;
  const key = toKey(draft, owner, what);
  checkOptions(what, z.strictObject({ data: json }), { data });
  const id = valueId(variable.id, key);
  const fields = { variableId: variable.id, key, data: toJson(data) };
  if (draft.get(valueCollection, id)) draft.change(valueCollection, id, () => fields);
  else draft.add(valueCollection, { id, what, fields });
}

function toKey(draft: Draft, owner: ValueOwner, what: string): string {
  if (owner === 'default') return defaultKey;
  if (draft.knows(owner)) {
    if (owner.kind === 'customer') return owner.id;
    if (owner.kind === 'tag') return `tag:${owner.id}`;
    if (owner.kind === 'agent') return agentTag(owner.id);
  }
  throw new InvalidDefinitionError(
    what,
    `${shown(owner)} is not a customer, a tag or an agent of this server, and not 'default'`,
  );
}
