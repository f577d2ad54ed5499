/** The writer thread: commits what it is sent. An fsync waits here, so that it never holds up the event loop. Answers null, or why it failed. */
import { parentPort, workerData } from 'node:worker_threads';
import { createCommitter } from './committer.ts';
import type { Operation } from './sqlite-statements.ts';

const port = parentPort;
if (!port) throw new Error('document-writer.ts runs only as a worker thread.');
const committer = createCommitter(String(workerData));

port.on('message', (operations: readonly Operation[] | 'close') => {
  if (operations !== 'close') return port.postMessage(committer.commit(operations));
  committer.close();
  port.close();
});
