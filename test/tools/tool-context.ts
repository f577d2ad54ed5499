/** Who calls a tool in tests, and what it was told on the way. */
import type { Json, JsonObject } from '../../src/event-log/event.ts';
import type { ToolContext } from '../../src/tools/tool.ts';

export type Heard =
  | { readonly message: string }
  | { readonly status: string; readonly data: JsonObject }
  | { readonly custom: Json };

export function createContext(more: Partial<ToolContext> = {}) {
  const heard: Heard[] = [];
  const context: ToolContext = {
    agentId: 'agent-1',
    sessionId: 'session-1',
    customerId: 'customer-1',
    callId: 'call-1',
    signal: new AbortController().signal,
    emitMessage: async (message) => void heard.push({ message }),
    emitStatus: async (status, data) => void heard.push({ status, data }),
    emitCustom: async (custom) => void heard.push({ custom }),
    ...more,
  };
  return { context, heard };
}
