/** A resume at the end of a long session against one at the end of a short one: nobody may read what the client has already. */
import { startChild } from './child.ts';
import { loadProgram } from './cpu.ts';
import type { ResumeResult } from './load.ts';
import { median, type Row } from './row.ts';
import { seedSession } from './seed-session.ts';
import { startServer } from './server.ts';

const long = 100_000;
const short = 10;

export async function measureResume(): Promise<readonly Row[]> {
  const customer = 'reader';
  const sessions: { id: string; events: number }[] = [];
  await using server = await startServer('source', {
    prepare: async (folder) => {
      for (const events of [long, short]) {
        sessions.push({ id: await seedSession({ folder, customer, events }), events });
      }
    },
  });
  await using load = startChild(loadProgram);
  const ask = (times: number): Promise<ResumeResult> =>
    load.ask<ResumeResult>({ kind: 'resume', port: server.port, customer, sessions, times });
  await ask(300);
  const batches: ResumeResult[] = [];
  for (let batch = 0; batch < 5; batch++) batches.push(await ask(200));

  const [longMs, shortMs] = [0, 1].map((index) =>
    median(batches.map(({ medianMs }) => medianMs[index] ?? Number.NaN)),
  );
  const ratio = median(
    batches.map(({ medianMs: [ofLong = Number.NaN, ofShort = Number.NaN] }) => ofLong / ofShort),
  );
  return [
    {
      what: 'resume at the end of 100,000 events against 10',
      ours: `${longMs?.toFixed(2)} ms / ${shortMs?.toFixed(2)} ms`,
      bare: '',
      measured: `${ratio.toFixed(2)} x`,
      bound: '<= 1.3 x',
      holds: ratio <= 1.3,
    },
  ];
}
