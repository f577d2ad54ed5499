/** The official `AgentServer` over the worker's file that is named, in a process of its own as at an operator's. */
import process from 'node:process';
import { AgentServer, initializeLogger, ServerOptions } from '@livekit/agents';

const [, , agent = ''] = process.argv;

initializeLogger({ pretty: false, level: 'fatal' });
const server = new AgentServer(
  new ServerOptions({
    agent,
    agentName: process.env['LIVEKIT_AGENT_NAME'] ?? '',
    wsURL: process.env['LIVEKIT_URL'] ?? '',
    // The key and its secret it finds by itself.
    host: '127.0.0.1',
    port: 0,
    logLevel: 'fatal',
    production: false,
    // A busy machine would be skipped for new jobs.
    loadFunc: async () => 0,
    numIdleProcesses: 1,
  }),
);
await server.run();
