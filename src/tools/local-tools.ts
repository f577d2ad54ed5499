/** The service of the tools that are functions of the program. */
import { InvalidDefinitionError, ToolNotFoundError } from '../errors.ts';
import { localServiceName, type LocalTool } from './define-tool.ts';
import { unlessAborted } from './time-limit.ts';
import type { ToolService } from './tool-service.ts';
import { toToolId, type ToolId } from './tool.ts';

export type LocalTools = ToolService & {
  /** Adds it, once. `InvalidDefinitionError`: another tool has this name. */
  add(tool: LocalTool): ToolId;
};

export function createLocalTools(given: readonly LocalTool[] = []): LocalTools {
  const tools = new Map<string, LocalTool>();

  function add(tool: LocalTool): ToolId {
    const { name } = tool.tool;
    const known = tools.get(name);
    if (known && known !== tool)
      throw new InvalidDefinitionError(`the tool "${name}"`, 'there is another with this name');
    tools.set(name, tool);
    return tool.id;
  }

  for (const tool of given) add(tool);
  return {
    add,
    list: async () => [...tools.values()].map(({ tool }) => tool),
    read: async (name) => tools.get(name)?.tool,
    resolve: async (name, context) => tools.get(name)?.resolve(context),

    async call(name, context, args) {
      const tool = tools.get(name);
      if (!tool) throw new ToolNotFoundError(toToolId(localServiceName, name));
      context.signal.throwIfAborted();
      // A handler that does not listen to the signal is not waited for.
      return unlessAborted(context.signal, tool.call(context, args));
    },

    close: async () => {},
  };
}
