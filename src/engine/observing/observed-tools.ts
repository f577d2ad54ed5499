/** Tools whose calls are counted: by tool, and by what became of them. */
import type { Telemetry } from '../../telemetry/telemetry.ts';
import type { ToolDirectory, ToolService } from '../../tools/tool-service.ts';
import { toToolId } from '../../tools/tool.ts';
import { measured } from './measured.ts';

export function observeTools(tools: ToolDirectory, telemetry: Telemetry): ToolDirectory {
  const observed = new WeakMap<ToolService, ToolService>();
  return {
    has: (toolId) => tools.has(toolId),
    service(serviceName) {
      const service = tools.service(serviceName);
      if (!service) return undefined;
      const known = observed.get(service) ?? observeService(service, { serviceName, telemetry });
      observed.set(service, known);
      return known;
    },
  };
}

function observeService(
  service: ToolService,
  { serviceName, telemetry }: { readonly serviceName: string; readonly telemetry: Telemetry },
): ToolService {
  return {
    list: () => service.list(),
    read: (toolName) => service.read(toolName),
    resolve: (toolName, context) => service.resolve(toolName, context),
    call(toolName, context, args) {
      const attributes = { 'tool.id': toToolId(serviceName, toolName) };
      return measured(telemetry, { as: ['tc.call'], attributes, signal: context.signal }, () =>
        service.call(toolName, context, args),
      );
    },
    close: () => service.close(),
  };
}
