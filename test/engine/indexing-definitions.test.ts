import { Writable } from 'node:stream';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { createColloquy } from '../../src/colloquy.ts';
import { createServer } from '../../src/sdk/server.ts';
import { createScriptedNlp } from '../support/composer.ts';
import { createDataFolder } from '../support/data-folder.ts';
import { plainAnswers } from '../support/indexing.ts';

/** A program that defines an agent, started on this folder, where an operator writes a guideline; ended when that was looked into. */
async function runProgram(dataDir: string, condition: string) {
  const server = createServer({ source: 'shop' });
  const agent = server.createAgent({ id: 'shop', name: 'Shop' });
  agent.createGuideline({
    id: 'price',
    condition: 'They ask for the price',
    action: 'Tell it',
    metadata: { mine: 1 },
  });
  agent.createGuideline({
    id: 'own',
    condition: 'Whenever I say so',
    action: 'Do it',
    matcher: async () => ({ matched: false, rationale: '' }),
  });
  const lines: string[] = [];
  const sink = new Writable({
    write(line, _encoding, done) {
      lines.push(String(line));
      done();
    },
  });
  const nlp = createScriptedNlp(plainAnswers);
  await using colloquy = await createColloquy({
    settings: { dataDir, port: 0, shutdownGraceMs: 0 },
    definitions: [server.define()],
    logger: pino({ level: 'info' }, sink),
    nlp,
  });
  const url = await colloquy.listen();
  const guidelines = (await (await fetch(`${url}/guidelines`)).json()) as { id: string }[];
  await fetch(`${url}/guidelines`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ condition }),
  });
  const asked = () => nlp.asked.map(({ input }) => (input as { condition: string }).condition);
  await expect.poll(asked, { timeout: 5_000 }).toContain(condition);
  return { asked: asked(), lines: lines.join(''), defined: guidelines.slice(0, 2) };
}

describe('what a program defines', () => {
  it('is looked into once, but for what the program decides itself, and is the same to the program the next time', async () => {
    await using folder = await createDataFolder();
    const first = await runProgram(folder.path, 'They wave');
    expect(first.asked.toSorted()).toEqual([...Array(3).fill('They ask for the price'), 'They wave']);
    expect(first.lines).toContain('definition stored');
    const second = await runProgram(folder.path, 'They nod');
    expect(second.asked).toEqual(['They nod']);
    expect(second.lines).not.toContain('definition stored');
    expect(second.defined).toEqual(first.defined);
    expect(second.defined).toMatchObject([{ metadata: { mine: 1 } }, { metadata: {} }]);
  });
});
