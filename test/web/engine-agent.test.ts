/** The page with an agent of the engine: its turns have a statechart of their own, and what it knows it knows from somewhere. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { createKnowledgeRetriever } from '../../src/agents/knowledge/knowledge-retriever.ts';
import { createDataFolder } from '../support/data-folder.ts';
import { type EngineServer, startEngine } from '../support/engine-server.ts';
import { browserTests, hasBrowser, patient } from '../support/web/browser-tests.ts';
import { startFront } from '../support/web/front.ts';
import type { PageVisit } from '../support/web/page-visit.ts';

async function createTeaRetriever() {
  await using folder = await createDataFolder();
  const text =
    '# Green tea\n\nGreen tea is drunk in small cups.\n\n## Brewing\n\nGreen tea is brewed at 70 degrees in a warm pot for two or three minutes.\n';
  await writeFile(join(folder.path, 'tea.md'), text);
  return createKnowledgeRetriever({ folder: folder.path });
}

describe.skipIf(!hasBrowser)('the page with an agent of the engine', () => {
  const tests = browserTests('The page with an agent of the engine');
  let looksUp = Promise.resolve();
  let server: EngineServer;

  beforeAll(async () => {
    const retrieve = await createTeaRetriever();
    server = await startEngine((program) => {
      const agent = program.createAgent({ id: 'tea', name: 'Tea house' });
      agent.attachRetriever(async (turn) => {
        await looksUp;
        return retrieve(turn);
      }, 'shelf');
    });
    return () => server[Symbol.asyncDispose]();
  });

  async function visit(): Promise<PageVisit> {
    const front = tests.use(await startFront({ page: tests.pageFolder(), server: () => server.url }));
    return tests.visit({ url: front.url });
  }

  it('shows where its answers come from', async () => {
    const ann = await visit();
    await ann.say('How is green tea brewed?');
    const sources = ann.page.getByRole('group', { name: 'Source' });
    await expect.poll(() => sources.innerText(), patient).toMatch(/Green tea, Brewing\s+tea\.md/);
    expect(ann.complaints).toEqual([]);
  });

  it('draws the statechart of its turn, live, beside that of the session', async () => {
    const looking = Promise.withResolvers<void>();
    looksUp = looking.promise;
    const ann = await visit();
    await ann.say('How is green tea brewed?');
    const turn = ann.page.getByRole('button', { name: /^Turn/ });
    await expect.poll(() => turn.innerText(), patient).toContain('answering · composing');
    await turn.click();
    await expect.poll(ann.activeStates, patient).toEqual(['composing']);
    const session = ann.page.getByRole('button', { name: /^Session/ });
    expect(await session.innerText()).toContain('processing');
    looking.resolve();
    await expect.poll(() => turn.innerText(), patient).toContain('done');
    await expect.poll(() => ann.page.locator('.chart-taken').textContent(), patient).toBe('analyse done');
    const moves = ann.page.locator('.moves li');
    expect(await moves.first().innerText()).toMatch(/analyse done\s+analysing → done/);
    expect(await ann.page.locator('.chart-state[data-active=true] text').allTextContents()).toEqual([
      'engine-cycle.v1',
      'done',
    ]);
    await session.click();
    await expect.poll(ann.activeStates, patient).toEqual(['local', 'ready']);
    await expect.poll(() => moves.first().innerText(), patient).toContain('run done');
    // Where it stands is known again after a reload.
    await ann.page.reload();
    await expect.poll(() => turn.innerText(), patient).toContain('done');
    expect(ann.complaints).toEqual([]);
  });
});
