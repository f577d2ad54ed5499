/**
 * The writer thread: holds the only connection that writes, and commits what it is sent. An fsync waits here, so that it never holds up
 * the event loop. Answers null, or why it failed.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { createCommitter } from './committer.ts';
import type { Operations } from './sqlite-statements.ts';

const port = parentPort;
if (!port) throw new Error('sqlite-writer.ts runs only as a worker thread.');
const committer = createCommitter(String(workerData));

port.on('message', (operations: Operations | 'close') => {
  if (operations !== 'close') return port.postMessage(committer.commit(operations));
  committer.close();
  port.close();
});
