/**
 * Context variables: what is known of a customer, a group of customers, or everybody, told to agents with every message. Their values
 * are in `context-values.ts`.
 */
import type { Documents, DocumentStore } from '../documents/document-store.ts';
import { ContextVariableNotFoundError, ToolNotFoundError } from '../errors.ts';
import type { ToolDirectory } from '../tools/tool-service.ts';
import type { ToolId } from '../tools/tool.ts';
import {
  contextVariableCollection,
  type ContextVariable,
  type ContextVariableFields,
} from './collections/context-variable.ts';
import { removeValues } from './context-values.ts';
import { checkFreshnessRules } from './freshness.ts';
import type { SpecialTag } from './tag-rules.ts';
import {
  insertTagged,
  listTagged,
  readTagged,
  updateTagged,
  type TagFilter,
  type TaggedKind,
  type TaggedPatch,
} from './tagged-entities.ts';

export type NewContextVariable = Pick<ContextVariableFields, 'name'> &
  Partial<ContextVariableFields> & {
    /** Default: made of the content. */
    readonly id?: string;
  };

export interface ContextVariables {
  /**
   * `IdTakenError`, `TagNotFoundError`, `ToolNotFoundError`, `InvalidFreshnessRulesError`; `ServiceUnavailableError` where the tool's
   * server cannot be asked.
   */
  create(variable: NewContextVariable): Promise<ContextVariable>;
  /** `ContextVariableNotFoundError`. */
  read(variableId: string): Promise<ContextVariable>;
  /** By creation. */
  list(filter?: TagFilter): Promise<readonly ContextVariable[]>;
  /** As `create`; `ContextVariableNotFoundError`, `TagNotAttachedError`. */
  update(variableId: string, patch: TaggedPatch<ContextVariableFields>): Promise<ContextVariable>;
  /** With its values. `ContextVariableNotFoundError`. */
  delete(variableId: string): Promise<void>;
  /** All of them; with a tag: takes it off, and deletes those that are left without any. */
  deleteAll(filter?: TagFilter): Promise<void>;
}

export type ContextVariablesOptions = {
  readonly documents: DocumentStore;
  /** Which tags mean something by themselves. */
  readonly specialTags: SpecialTag;
  readonly tools: Pick<ToolDirectory, 'has'>;
};

export function createContextVariables(options: ContextVariablesOptions): ContextVariables {
  const { documents, specialTags, tools } = options;
  const kind: TaggedKind<ContextVariableFields> = {
    collection: contextVariableCollection,
    specialTags,
    notFound: (variableId) => new ContextVariableNotFoundError(variableId),
  };

  /** Before the transaction, which must not wait for other servers. */
  async function check({ toolId, freshnessRules }: CheckedFields): Promise<void> {
    if (freshnessRules != null) checkFreshnessRules(freshnessRules);
    if (toolId != null && !(await tools.has(toolId))) throw new ToolNotFoundError(toolId);
  }

  async function remove(tx: Documents, variableId: string): Promise<void> {
    if (!(await tx.delete(contextVariableCollection, variableId))) throw kind.notFound(variableId);
    await removeValues(tx, variableId);
  }

  return {
    async create({ id, name, description = null, toolId = null, freshnessRules = null, tags = [] }) {
      const fields = { name, description, toolId, freshnessRules, tags };
      await check(fields);
      return documents.transaction((tx) => insertTagged(tx, kind, { id, fields }));
    },

    read: (variableId) => readTagged(documents, kind, variableId),
    list: (filter) => listTagged(documents, kind, filter),

    async update(variableId, patch) {
      await readTagged(documents, kind, variableId);
      await check(patch);
      return documents.transaction((tx) => updateTagged(tx, kind, { id: variableId, patch }));
    },

    delete: (variableId) => documents.transaction((tx) => remove(tx, variableId)),

    deleteAll: (filter = {}) =>
      documents.transaction(async (tx) => {
        for (const { id, tags } of await listTagged(tx, kind, filter)) {
          const rest = tags.filter((tagId) => tagId !== filter.tagId);
          if (filter.tagId === undefined || rest.length === 0) await remove(tx, id);
          else await tx.update(contextVariableCollection, id, (current) => ({ ...current, tags: rest }));
        }
      }),
  };
}

type CheckedFields = {
  readonly toolId?: ToolId | null;
  readonly freshnessRules?: string | null;
};
