/** Calls of tools by operators: to try them out, and for programs beside the agents. Nothing of it is told to a session. */
import { z } from 'zod';
import type { Settings } from '../../config.ts';
import type { AgentStore } from '../../entities/agents.ts';
import { guestId } from '../../entities/collections/customer.ts';
import type { Customers } from '../../entities/customers.ts';
import { AgentNotFoundError, ServiceNotFoundError } from '../../errors.ts';
import { newId } from '../../event-log/ids.ts';
import type { Sessions } from '../../session/sessions.ts';
import type { ToolDirectory } from '../../tools/tool-service.ts';
import type { ToolContext } from '../../tools/tool.ts';
import type { Leases } from '../leases.ts';
import { notesOf } from '../notes.ts';
import { route, type Handled, type Route } from '../route.ts';
import { toolCallAnswerSchema, toolCallSchema, toToolCallJson } from '../schemas/services.ts';
import { foreignId } from '../schemas/session.ts';

type ToolCallsDeps = {
  readonly settings: Pick<Settings, 'defaultAgent'>;
  readonly sessions: Pick<Sessions, 'get'>;
  readonly entities: {
    readonly tools: ToolDirectory;
    readonly agents: Pick<AgentStore, 'get'>;
    readonly customers: Pick<Customers, 'read'>;
  };
  readonly leases: Pick<Leases, 'untilGivenUp'>;
};

export function toolCallRoutes(deps: ToolCallsDeps): readonly Route[] {
  return [
    route({
      method: 'post',
      path: '/services/{name}/tools/{tool}/calls',
      operation: 'call tools',
      tag: 'Services',
      summary: 'Call a tool',
      description:
        'It is called once, and given up when the client goes away. What it would tell the session on the way is told to nobody.',
      params: z.object({ name: foreignId, tool: foreignId }),
      body: toolCallSchema,
      answers: { 200: { description: 'The result.', schema: toolCallAnswerSchema } },
      errors: [
        'SERVICE_NOT_FOUND',
        'TOOL_NOT_FOUND',
        'AGENT_NOT_FOUND',
        'CUSTOMER_NOT_FOUND',
        'SESSION_NOT_FOUND',
        'TOOL_ARGUMENTS_INVALID',
        'TOOL_FAILED',
        'SERVICE_UNAVAILABLE',
        'SHUTTING_DOWN',
      ],
      async handle({ params: { name = '', tool = '' }, body, res }): Promise<Handled> {
        const service = deps.entities.tools.service(name);
        if (!service) throw new ServiceNotFoundError(name);
        const who = await resolveCaller(deps, body);
        const signal = deps.leases.untilGivenUp(res);
        notesOf(res).isWait = true;
        try {
          const result = await service.call(tool, { ...who, callId: newId(), signal }, body.arguments ?? {});
          return { status: 200, body: toToolCallJson(result) };
        } catch (error) {
          // Nobody is there to be told; a server that shuts down says so.
          if (signal.aborted && !(signal.reason instanceof Error)) return;
          throw error;
        }
      },
    }),
  ];
}

type Names = Pick<ToolContext, 'agentId' | 'sessionId' | 'customerId'>;

/** Everything that is named exists. */
async function resolveCaller(deps: ToolCallsDeps, named: z.output<typeof toolCallSchema>): Promise<Names> {
  const { agent_id: agentId, customer_id: customerId, session_id: sessionId } = named;
  const { agents, customers } = deps.entities;
  if (agentId && !agents.get(agentId)) throw new AgentNotFoundError(agentId);
  if (customerId) await customers.read(customerId);
  const session = sessionId ? await deps.sessions.get(sessionId) : undefined;
  return {
    agentId: agentId ?? session?.agentId ?? deps.settings.defaultAgent,
    customerId: customerId ?? session?.customerId ?? guestId,
    sessionId: session?.id ?? '',
  };
}
