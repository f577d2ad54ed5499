/** Sessions that come and go leave nothing behind: no timer, no socket, no memory. */
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createSession, post } from '../support/conversation.ts';
import { createDataFolder } from '../support/data-folder.ts';
import { freePort } from '../support/free-port.ts';
import { type Program, startProgram } from '../support/program.ts';

const probe = pathToFileURL(fileURLToPath(new URL('../bench/probe.js', import.meta.url))).href;
const MB = 1024 * 1024;

describe('2,000 sessions that were created, talked to and stopped', () => {
  it('leave no timer, no socket and no memory behind', { timeout: 180_000 }, async () => {
    await using folder = await createDataFolder();
    await using program = await startProgram({
      folder: folder.path,
      port: await freePort(),
      env: { IDLE_AFTER_MS: '400' },
      execArgv: ['--expose-gc', `--import=${probe}`],
    });
    // The first sessions make the server load and compile what it needs for the rest of its life.
    await liveAndStop(program.url, 500);
    const before = await whenQuiet(program);
    await liveAndStop(program.url, 2000);
    const after = await whenQuiet(program);

    expect(after.resources).toEqual(before.resources);
    expect((after.heapUsed - before.heapUsed) / MB).toBeLessThan(5);
  });
});

type Report = { readonly heapUsed: number; readonly resources: readonly string[] };

/** What the server holds once no session is in memory and no connection is open. */
async function whenQuiet(program: Program): Promise<Report> {
  await expect.poll(() => liveSessions(program.url), { timeout: 20_000, interval: 100 }).toBe(0);
  let report: Report = { heapUsed: 0, resources: [] };
  await expect
    .poll(
      async () => {
        report = await program.ask<Report>({ gc: true });
        return report.resources.includes('TCPSocketWrap');
      },
      { timeout: 20_000, interval: 100 },
    )
    .toBe(false);
  return { ...report, resources: report.resources.toSorted() };
}

async function liveSessions(url: string): Promise<number> {
  const metrics = await text(`${url}/metrics`);
  const lines = metrics.split('\n').filter((line) => line.startsWith('colloquy_sessions_live'));
  if (lines.length === 0) throw new Error('there is no metric of live sessions');
  return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

async function liveAndStop(url: string, sessions: number): Promise<void> {
  let begun = 0;
  const customer = async (): Promise<void> => {
    while (begun++ < sessions) {
      const sessionId = await createSession(url, 'echo');
      const stream = await fetch(`${url}/sessions/${sessionId}/events`, {
        headers: { accept: 'text/event-stream', connection: 'close' },
      });
      await post(`${url}/sessions/${sessionId}/events`, {
        kind: 'message',
        source: 'customer',
        message: 'Hello',
      });
      for await (const part of stream.body!.pipeThrough(new TextDecoderStream())) {
        if (part.includes('"stage":"completed"')) break;
      }
      const stopped = await fetch(`${url}/sessions/${sessionId}/stop`, { method: 'POST' });
      expect(stopped.status).toBe(202);
      await stopped.arrayBuffer();
    }
  };
  await Promise.all(Array.from({ length: 20 }, customer));
}

async function text(url: string): Promise<string> {
  return (await fetch(url, { headers: { connection: 'close' } })).text();
}
