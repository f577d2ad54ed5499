/** `npm run screenshots`: the pictures of docs/images, of a real server with its examples in a real browser. It has to be there. */
import { join } from 'node:path';
import type { BrowserContextOptions } from 'playwright-core';
import { createEchoAgent } from '../../src/agents/echo-agent.ts';
import { createColloquy } from '../../src/colloquy.ts';
import type { Definition } from '../../src/definition/definition.ts';
import { createExampleDefinition } from '../../src/examples/example-definition.ts';
import { startChromium } from '../support/browser.ts';
import { createDataFolder } from '../support/data-folder.ts';
import { buildPage } from '../support/web/built-page.ts';
import { startFront } from '../support/web/front.ts';
import { type PageVisit, visitPage } from '../support/web/page-visit.ts';

const images = join(import.meta.dirname, '../../docs/images');
const desktop = { viewport: { width: 1400, height: 860 }, deviceScaleFactor: 1.5 };
const phone = { viewport: { width: 390, height: 780 }, deviceScaleFactor: 2, hasTouch: true };

/** While this is pending the examples look things up. */
let lookingUp = Promise.resolve();

await using folder = await createDataFolder();
await using colloquy = await createColloquy({
  definitions: [withPauses(createExampleDefinition())],
  agents: [createEchoAgent()],
  settings: { port: 0, dataDir: folder.path, logLevel: 'error', shutdownGraceMs: 0 },
});
const url = await colloquy.listen();
await using page = await buildPage();
await using front = await startFront({ page: page.path, server: () => url });
await using browser = await startChromium();

await take('light', 'Ann', { ...desktop, colorScheme: 'light' });
await take('dark', 'Ben', { ...desktop, colorScheme: 'dark' });
await take('mobile', 'Cleo', { ...phone, colorScheme: 'light' });

/** Three questions, the last one while it is answered. */
async function take(name: string, user: string, context: BrowserContextOptions): Promise<void> {
  await talkEarlier(user);
  await using visitor = await visitPage(browser, { url: front.url, user, context });
  const { page: shown } = visitor;
  await visitor.say('What is CKD stage 3?');
  await answered(visitor, 1);
  await visitor.say('What are the symptoms?');
  await answered(visitor, 2);
  const looking = Promise.withResolvers<void>();
  lookingUp = looking.promise;
  await visitor.say('What may I eat?');
  const turn = shown.locator('.position').nth(1);
  await turn.filter({ hasText: 'composing' }).waitFor({ state: 'attached' });
  if (await turn.isVisible()) await turn.click();
  await shown
    .locator('.chart-state[data-active=true][data-type=atomic]')
    .first()
    .waitFor({ state: 'attached' });
  await shown.mouse.move(0, 0);
  await shown.screenshot({ path: join(images, `${name}.png`) });
  looking.resolve();
  await answered(visitor, 3);
}

/** Sessions to come back to. */
async function talkEarlier(user: string): Promise<void> {
  const { agentService, sessions } = colloquy;
  const talks = [
    { agentId: 'medical_welfare', text: 'What is sick pay?', title: 'Sick pay' },
    { agentId: 'research_paper', text: 'What is a systematic review?', title: 'Systematic reviews' },
    { agentId: 'medical_welfare', text: 'What is home care?', title: 'Home care' },
  ];
  for (const [n, { agentId, text, title }] of talks.entries()) {
    const { id: sessionId } = await agentService.createTalkSession(user, { agentId });
    await sessions.update(sessionId, { title });
    await agentService.process({ userId: user, sessionId, text });
    if (n === 0) await sessions.stop(sessionId);
  }
}

async function answered({ page: shown }: PageVisit, count: number): Promise<void> {
  await shown
    .locator('.message[data-from=agent][data-state=whole]')
    .nth(count - 1)
    .waitFor();
}

/** The examples, whose retrievers wait while somebody looks. */
function withPauses(definition: Definition): Definition {
  const agents = [...definition.attachments.agents].map(([agentId, extensions]) => {
    const retrievers = (extensions.retrievers ?? []).map(({ id, retrieve }) => ({
      id,
      async retrieve(turn: Parameters<typeof retrieve>[0]) {
        await lookingUp;
        return retrieve(turn);
      },
    }));
    return [agentId, { ...extensions, retrievers }] as const;
  });
  return { ...definition, attachments: { ...definition.attachments, agents: new Map(agents) } };
}
