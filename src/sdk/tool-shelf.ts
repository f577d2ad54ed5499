/** The tools a definition uses: functions of the program, which its server will run, and those of services by their ids. */
import { InvalidDefinitionError } from '../errors.ts';
import { localServiceName, type LocalTool } from '../tools/define-tool.ts';
import { parseToolId, type ToolId } from '../tools/tool.ts';
import { shown } from './check-options.ts';

/** What `tool()` returns, or `service:tool` where it runs on another server; whether it is there, turns out when it is to be run. */
export type ToolReference = LocalTool | ToolId;

export type ToolShelf = {
  /** Throws `InvalidDefinitionError`, in the name of `what`: it is no tool, or another one has its name. */
  use(reference: unknown, what: string): ToolId;
  /** The program's own, in order of first use. */
  list(): readonly LocalTool[];
};

export function createToolShelf(): ToolShelf {
  const local = new Map<string, LocalTool>();
  return {
    use(reference, what) {
      if (typeof reference === 'string') return checkToolId(reference, what);
      if (!isLocalTool(reference)) {
        throw new InvalidDefinitionError(what, `${shown(reference)} is no tool: tool({ … }) makes one`);
      }
      const { id, tool } = reference;
      if ((local.get(id) ?? reference) !== reference) {
        throw new InvalidDefinitionError(what, `there are two different tools "${tool.name}"`);
      }
      local.set(id, reference);
      return id;
    },
    list: () => [...local.values()],
  };
}

function checkToolId(toolId: string, what: string): ToolId {
  const { serviceName, toolName } = parseToolId(toolId);
  if (serviceName && toolName && serviceName !== localServiceName && toolId.isWellFormed()) return toolId;
  throw new InvalidDefinitionError(
    what,
    `${shown(toolId)} names no tool: "service:tool" does where it runs elsewhere, else tool({ … })`,
  );
}

/** Also of plain JavaScript. */
function isLocalTool(value: unknown): value is LocalTool {
  if (typeof value !== 'object' || value === null) return false;
  const { id, tool, call }: Partial<LocalTool> = value;
  return typeof id === 'string' && typeof tool === 'object' && typeof call === 'function';
}
