/** The page in a real browser, when the network or the server is not there for a while. */
import { beforeAll, describe, expect, it } from 'vitest';
import { createEchoAgent } from '../../src/agents/echo-agent.ts';
import { freePort } from '../support/free-port.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { browserTests, hasBrowser, patient } from '../support/web/browser-tests.ts';
import { startFront } from '../support/web/front.ts';
import { createPromptedAgent } from '../support/web/prompted-agent.ts';
import { start, temporaryFolder } from '../packaging/program.ts';

const config = new URL('../support/slow-echo.config.ts', import.meta.url).pathname;
/** A server that is away cannot be asked without the browser's console saying so. */
const expected = /^Failed to load resource: net::ERR_/;

describe.skipIf(!hasBrowser)('the page recovers by itself', () => {
  const tests = browserTests('How the page recovers');
  const prompted = createPromptedAgent('prompted');
  let server: TestServer;

  beforeAll(async () => {
    server = await startServer({ agents: [createEchoAgent(), prompted] });
    return () => server[Symbol.asyncDispose]();
  });

  const front = async (address: () => string) =>
    tests.use(await startFront({ page: tests.pageFolder(), server: address }));

  it('when the connection breaks in the middle of an answer, with nothing missing and nothing twice', async () => {
    const cable = await front(() => server.url);
    const ann = await tests.visit({ url: cable.url, expected });
    await ann.newSession({ agent: 'prompted' });
    await ann.say('Hello');
    prompted.write('Good ');
    await expect.poll(ann.said, patient).toEqual(['customer: Hello', 'agent: Good (growing)']);
    cable.cut();
    await expect.poll(ann.connection, patient).toBe('retrying');
    expect(await ann.page.locator('.chat-head .connection').innerText()).toContain('offset');
    prompted.write('day');
    cable.mend();
    await expect.poll(ann.connection, patient).toBe('open');
    await expect.poll(ann.said, patient).toEqual(['customer: Hello', 'agent: Good day (growing)']);
    cable.cut();
    prompted.write(' to you');
    prompted.end();
    await expect.poll(ann.connection, patient).toBe('retrying');
    cable.mend();
    await expect.poll(ann.said, patient).toEqual(['customer: Hello', 'agent: Good day to you']);
    expect(ann.complaints).toEqual([]);
  });

  it('and brings what was said meanwhile, once', async () => {
    const cable = await front(() => server.url);
    const ann = await tests.visit({ url: cable.url, expected });
    await ann.newSession({ agent: 'echo' });
    await expect.poll(ann.connection, patient).toBe('open');
    cable.cut();
    await ann.say('Are you there?');
    await expect.poll(ann.said, patient).toEqual(['customer: Are you there? (offline)']);
    cable.mend();
    await ann.page.reload();
    const talk = ['customer: Are you there?', 'agent: echo: Are you there?'];
    await expect.poll(ann.said, patient).toEqual(talk);
    await ann.say('Good');
    await expect.poll(ann.said, patient).toEqual([...talk, 'customer: Good', 'agent: echo: Good']);
  });

  it('puts back what was written where no session could be made for it', async () => {
    const cable = await front(() => server.url);
    const ann = await tests.visit({ url: cable.url, expected });
    await expect.poll(() => ann.page.getByText('No sessions yet').count(), patient).toBe(1);
    cable.cut();
    await ann.say('Hello');
    await expect.poll(() => ann.page.getByRole('alert').innerText(), patient).toContain('cannot be reached');
    await expect.poll(() => ann.composer.inputValue(), patient).toBe('Hello');
    cable.mend();
    await ann.composer.press('Enter');
    await expect.poll(ann.said, patient).toEqual(['customer: Hello', 'agent: echo: Hello']);
  });

  it('when the server is killed in the middle of an answer, and comes back', async () => {
    const folder = tests.use(await temporaryFolder());
    const env = { PORT: String(await freePort()), SLOW_MS: '400' };
    const startProgram = () => start({ cwd: folder.path, args: ['serve', '--config', config], env });
    const first = tests.use(await startProgram());
    const cable = await front(() => first.url);
    const ann = await tests.visit({ url: cable.url, expected });
    await ann.newSession({ agent: 'slow' });
    await ann.say('Tell me of the sea');
    await expect.poll(ann.said, patient).toContainEqual(expect.stringMatching(/^agent: echo.*growing/));
    first.kill('SIGKILL');
    await first.ended;
    await expect.poll(ann.connection, patient).toBe('retrying');
    tests.use(await startProgram());
    const talk = ['customer: Tell me of the sea', 'agent: echo: Tell me of the sea'];
    await expect.poll(ann.said, patient).toEqual(talk);
    await expect.poll(ann.connection, patient).toBe('open');
    await expect.poll(ann.sessions, patient).toEqual(['Tell me of the sea']);
    await ann.say('Once more');
    await expect.poll(ann.said, patient).toEqual([...talk, 'customer: Once more', 'agent: echo: Once more']);
    expect(ann.complaints).toEqual([]);
  });
});
