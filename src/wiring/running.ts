/** A server that runs: what programs have of it. It names no part that only the server needs. */
import type { RequestListener } from 'node:http';
import type { AgentDirectory } from '../agents/agent-runner.ts';
import type { Settings } from '../config.ts';
import type { Sessions } from '../session/sessions.ts';
import type { AgentService } from '../talk/agent-service.ts';

export type Colloquy = AsyncDisposable & {
  readonly settings: Settings;
  readonly agents: AgentDirectory;
  /** Sessions as such, without rights. */
  readonly sessions: Sessions;
  /** Talks in the name of users. */
  readonly agentService: AgentService;
  /** An ordinary request listener, for a server of yours; `listen` makes one itself. */
  readonly app: RequestListener;
  /** Listens on the settings' host and port; resolves with the address, e.g. `http://127.0.0.1:8000`. Throws `ListenError`. */
  listen(): Promise<string>;
  /** Ends in order: no new requests, streams end with `retry:`, turns may finish for `shutdownGraceMs`, the log is flushed. */
  close(): Promise<void>;
};
