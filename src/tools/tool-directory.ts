/**
 * All tool services of this server: those of the program itself, and those that are stored, which are connected to when they are first
 * needed. A service that was changed or is gone is closed; calls under way on it end as they would have.
 */
import type { ToolService, ToolServiceConfig, ToolDirectory } from './tool-service.ts';
import { parseToolId } from './tool.ts';

/** Makes the service that talks to another server. It may connect later; it does not throw. */
export type ConnectToolService = (serviceName: string, config: ToolServiceConfig) => ToolService;

/** What is stored: told at once of every service there is, then of each that changes (with it) or is gone (without). */
export type StoredToolServices = {
  watch(listener: (serviceName: string, config: ToolServiceConfig | undefined) => void): void;
};

export type ToolDirectoryOptions = {
  /** The program's own services by name. A stored one of the same name is not seen. */
  readonly local: ReadonlyMap<string, ToolService>;
  readonly stored: StoredToolServices;
  readonly connect: ConnectToolService;
};

export type ConnectedTools = ToolDirectory & {
  /** Closes every service, when the calls under way are over. */
  close(): Promise<void>;
};

export function createToolDirectory({ local, stored, connect }: ToolDirectoryOptions): ConnectedTools {
  const configs = new Map<string, ToolServiceConfig>();
  const connected = new Map<string, ToolService>();
  const closing = new Set<Promise<void>>();

  stored.watch((serviceName, config) => {
    if (config) configs.set(serviceName, config);
    else configs.delete(serviceName);
    letGo(serviceName);
  });

  function letGo(serviceName: string): void {
    const old = connected.get(serviceName);
    if (!old) return;
    connected.delete(serviceName);
    // What cannot be closed is none the less let go.
    const forget = (): void => void closing.delete(closed);
    const closed = old.close().then(forget, forget);
    closing.add(closed);
  }

  function service(serviceName: string): ToolService | undefined {
    const known = local.get(serviceName) ?? connected.get(serviceName);
    const config = configs.get(serviceName);
    if (known || !config) return known;
    const made = connect(serviceName, config);
    connected.set(serviceName, made);
    return made;
  }

  return {
    service,

    async has(toolId) {
      const { serviceName, toolName } = parseToolId(toolId);
      if (toolName === '') return false;
      return (await service(serviceName)?.read(toolName)) !== undefined;
    },

    async close() {
      for (const serviceName of connected.keys()) letGo(serviceName);
      await Promise.allSettled([...closing, ...[...local.values()].map((each) => each.close())]);
    },
  };
}
