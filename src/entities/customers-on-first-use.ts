/** Sessions whose customers exist: whoever gets a session, and is not known yet, is made a customer first. */
import type { AgentDirectory } from '../agents/agent-runner.ts';
import type { Sessions } from '../session/sessions.ts';
import type { Customers } from './customers.ts';

export type CustomersOnFirstUseOptions = {
  readonly sessions: Sessions;
  readonly customers: Pick<Customers, 'ensure'>;
  readonly agents: Pick<AgentDirectory, 'get'>;
};

/** The same sessions; `create` and `update` see to it that the customer exists, but not for a session that will be refused. */
export function createCustomersOnFirstUse({
  sessions,
  customers,
  agents,
}: CustomersOnFirstUseOptions): Sessions {
  const exists = (sessionId: string) =>
    sessions.get(sessionId).then(
      () => true,
      () => false,
    );
  return {
    ...sessions,

    async create(session, options) {
      const isRefused =
        !agents.get(session.agentId) || (session.id !== undefined && (await exists(session.id)));
      if (!isRefused) await customers.ensure(session.customerId);
      return sessions.create(session, options);
    },

    async update(sessionId, patch) {
      const { agentId, customerId } = patch;
      const isRefused = (agentId !== undefined && !agents.get(agentId)) || !(await exists(sessionId));
      if (customerId !== undefined && !isRefused) await customers.ensure(customerId);
      return sessions.update(sessionId, patch);
    },
  };
}
