/** Fills a data folder with one session of many events, through the log itself, before a server is started on it. */
import { openSqliteLog } from '../../src/event-log/sqlite-log.ts';

export async function seedSession(options: {
  readonly folder: string;
  readonly customer: string;
  readonly events: number;
}): Promise<string> {
  const log = await openSqliteLog({ folder: options.folder });
  try {
    const session = await log.createSession({ agentId: 'echo', customerId: options.customer });
    for (let done = 0; done < options.events; done += 1000) {
      const drafts = Array.from({ length: Math.min(1000, options.events - done) }, (_, index) => ({
        source: 'customer_ui' as const,
        kind: 'custom' as const,
        trace_id: 'seed',
        data: { page: done + index },
      }));
      await log.append(session.id, drafts);
    }
    return session.id;
  } finally {
    await log.close();
  }
}
