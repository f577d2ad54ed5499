/**
 * A runtime whose sessions listen to an upstream server, as a process of its own (run with `--expose-gc`): argument 1 is the address of
 * the server. A message `{ sessions }` brings that many more to listen and is answered by what the process then holds.
 */
import { createAgentDirectory } from '../../src/agents/agent-directory.ts';
import { createUpstreamAgents } from '../../src/agents/upstream-agents.ts';
import { defaultSettings } from '../../src/config.ts';
import { openSqliteLog } from '../../src/event-log/sqlite-log.ts';
import { createSessions } from '../../src/session/create-sessions.ts';
import { createLiveDirectory } from '../../src/session/live-directory.ts';
import { createDataFolder } from '../support/data-folder.ts';

const folder = await createDataFolder();
const { agents } = createUpstreamAgents([{ id: 'away', upstream: { url: process.argv[2] ?? '' } }]);
const sessions = createSessions({
  log: await openSqliteLog({ folder: folder.path }),
  agents: createAgentDirectory(agents),
  limits: defaultSettings,
  directory: createLiveDirectory(),
  logger: { warn() {}, error() {} },
});

process.on('message', (message) => {
  const { id, sessions: wanted } = message as { id: number; sessions: number };
  void listen(wanted).then((answer) => process.send?.({ id, ...answer }));
});
process.on('disconnect', () => void folder[Symbol.asyncDispose]().then(() => process.exit()));

async function listen(wanted: number): Promise<{ rss: number; heapUsed: number }> {
  for (let begun = 0; begun < wanted; begun += 200)
    await Promise.all(
      Array.from({ length: Math.min(200, wanted - begun) }, async () => {
        const { id } = await sessions.create({ agentId: 'away', customerId: 'bench' });
        await sessions.start(id);
      }),
    );
  // The polls are on their way; the upstream says when all of them wait.
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  globalThis.gc?.();
  const { rss, heapUsed } = process.memoryUsage();
  return { rss, heapUsed };
}
