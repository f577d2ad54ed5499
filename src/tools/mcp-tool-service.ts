/**
 * Tools of an MCP server. The connection is made when it is first needed, kept, and made anew when it was lost. Tools are listed for
 * every question: not every server tells when they change.
 */
import type { Client, Tool as McpTool } from '@modelcontextprotocol/client';
import { ToolNotFoundError } from '../errors.ts';
import type { JsonObject } from '../event-log/event.ts';
import { createStamps } from '../event-log/utc.ts';
import { systemClock, type Clock } from '../session/clock.ts';
import { convertArguments } from './convert-arguments.ts';
import { connectMcp, type McpTarget } from './mcp-connection.ts';
import { isLostSession, toMcpCallFault, toMcpFault } from './mcp-fault.ts';
import { fromMcpResult, fromMcpTool } from './mcp-wire.ts';
import { toCallError, toServiceError } from './service-fault.ts';
import { unlessAborted, withTimeLimit } from './time-limit.ts';
import type { ToolService } from './tool-service.ts';
import { toToolId, type Tool, type ToolContext, type ToolResult } from './tool.ts';

export type McpToolServiceOptions = McpTarget & {
  readonly serviceName: string;
  /** Of a call. Default 120 s. */
  readonly callTimeoutMs?: number;
  /** Of connecting, and of other requests. Default 30 s. */
  readonly askTimeoutMs?: number;
  readonly clock?: Clock;
};

/** The client's own limit, which it insists on: ours is over long before. */
const never = 2 ** 31 - 1;

export function createMcpToolService(options: McpToolServiceOptions): ToolService {
  const { serviceName, callTimeoutMs = 120_000, askTimeoutMs = 30_000, clock = systemClock } = options;
  const creationUtc = createStamps(() => clock.now())();
  const underWay = new Set<Promise<unknown>>();
  let connection: Promise<Client> | undefined;

  function connect(): Promise<Client> {
    const made = withTimeLimit({ clock, ms: askTimeoutMs }, (signal) => connectMcp(options, signal));
    const forget = (): void => forgetConnection(made);
    made.then((client) => Object.assign(client, { onclose: forget }), forget);
    return made;
  }

  function forgetConnection(used: Promise<Client>): void {
    if (connection === used) connection = undefined;
  }

  /** A session that the server no longer knows is begun anew, once. */
  async function use<Result>(
    signal: AbortSignal,
    work: (client: Client) => Promise<Result>,
  ): Promise<Result> {
    const used = (connection ??= connect());
    const client = await unlessAborted(signal, used);
    try {
      return await work(client);
    } catch (error) {
      if (signal.aborted || !isLostSession(error)) throw error;
      forgetConnection(used);
      await client.close();
      return work(await unlessAborted(signal, (connection ??= connect())));
    }
  }

  async function ask<Result>(
    work: (client: Client, signal: AbortSignal) => Promise<Result>,
    caller?: AbortSignal,
  ) {
    try {
      return await withTimeLimit({ clock, ms: askTimeoutMs, signal: caller }, (signal) =>
        use(signal, (client) => work(client, signal)),
      );
    } catch (error) {
      throw toServiceError(serviceName, caller?.aborted ? error : toMcpFault(error));
    }
  }

  async function listTools(caller?: AbortSignal): Promise<readonly McpTool[]> {
    const listed = await ask(
      (client, signal) => client.listTools(undefined, { signal, timeout: never, cacheMode: 'refresh' }),
      caller,
    );
    return listed.tools;
  }

  async function read(toolName: string, caller?: AbortSignal): Promise<Tool | undefined> {
    const tool = (await listTools(caller)).find(({ name }) => name === toolName);
    return tool && fromMcpTool(tool, creationUtc);
  }

  async function call(toolName: string, context: ToolContext, args: JsonObject): Promise<ToolResult> {
    const toolId = toToolId(serviceName, toolName);
    const tool = await read(toolName, context.signal);
    if (!tool) throw new ToolNotFoundError(toolId);
    const given = withoutNulls(convertArguments(toolId, tool, args), tool);
    const result = await withTimeLimit({ clock, ms: callTimeoutMs, signal: context.signal }, (signal) =>
      use(signal, (client) =>
        client.callTool({ name: toolName, arguments: given }, { signal, timeout: never }),
      ),
    ).catch((error: unknown) => {
      throw toCallError(serviceName, toolId, context.signal.aborted ? error : toMcpCallFault(toolId, error));
    });
    return fromMcpResult(toolId, result);
  }

  /** The connection stays until it is over. */
  async function track<Result>(work: Promise<Result>): Promise<Result> {
    underWay.add(work);
    try {
      return await work;
    } finally {
      underWay.delete(work);
    }
  }

  return {
    list: () => track(listTools().then((tools) => tools.map((tool) => fromMcpTool(tool, creationUtc)))),
    read: (toolName) => track(read(toolName)),
    resolve: (toolName, { signal }) => track(read(toolName, signal)),
    call: (...given) => track(call(...given)),

    async close() {
      await Promise.allSettled(underWay);
      const client = await connection?.catch(() => undefined);
      await client?.close();
    },
  };
}

/** Null is how a model leaves out what may be absent. */
function withoutNulls(args: JsonObject, { required }: Tool): JsonObject {
  return Object.fromEntries(
    Object.entries(args).filter(([name, value]) => value !== null || required.includes(name)),
  );
}
