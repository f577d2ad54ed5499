/** What a session takes that listens to an upstream server: its actor, its record and its waiting poll, socket included. */
import { fileURLToPath } from 'node:url';
import { startUpstreamProcess } from '../support/upstream-process.ts';
import { startChild } from './child.ts';
import { plainRow, type Row } from './row.ts';

const listener = fileURLToPath(new URL('upstream-listener.ts', import.meta.url));
const warm = 500;

type Held = { readonly rss: number; readonly heapUsed: number };

/** Ten thousand, so that the room a collector keeps for itself does not count for much. */
export async function measureUpstream(): Promise<readonly Row[]> {
  const sessions = 10_000 - warm;
  await using upstream = await startUpstreamProcess();
  await using child = startChild(listener, { execArgv: ['--expose-gc'], args: [upstream.url] });
  const before = await child.ask<Held>({ sessions: warm });
  const after = await child.ask<Held>({ sessions });
  const { waiting } = await upstream.tell('counts');
  if (waiting !== warm + sessions)
    throw new Error(`only ${waiting} of ${warm + sessions} polls wait (ulimit -n?)`);
  const kbEach = (bytes: number): number => bytes / 1024 / sessions;
  const heap = kbEach(after.heapUsed - before.heapUsed).toFixed(1);
  return [
    plainRow({
      what: `a session that listens upstream, of ${warm + sessions} (heap alone: ${heap} KB)`,
      measured: kbEach(after.rss - before.rss),
      unit: 'KB',
      atMost: 40,
      digits: 1,
    }),
  ];
}
