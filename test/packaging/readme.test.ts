import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { EventSource } from 'eventsource';
import { describe, expect, it } from 'vitest';
import { sessionMachine } from '../../machines/session.machine.ts';
import { settingsList } from '../../src/config.ts';
import { codeBlocks, jsonOf, readDocument, tableRows } from './documents.ts';
import { chat, root, start, temporaryFolder } from './program.ts';

describe('README', () => {
  it('lists every setting as it is, and no other', () => {
    expect(tableRows('README.md', 'setting')).toEqual(
      settingsList.map(({ variable, default: value, unit, text }) => [variable, value, unit, text]),
    );
  });

  it('draws the states that the session machine has', () => {
    const [picture = ''] = codeBlocks('README.md', 'mermaid');
    const drawn = [...picture.matchAll(/^\s*(?:state )?(\w+)(?: --> (\w+)| \{)/gm)].flatMap(
      ([, from, to]) => [from, to],
    );
    expect(new Set(drawn.filter((name) => name !== undefined))).toEqual(new Set(statesOf(sessionMachine)));
  });

  it('shows questions that the example agents answer, the second one from the conversation', async () => {
    await using folder = await temporaryFolder();
    await using program = await start({ cwd: folder.path });
    const curls = codeBlocks('README.md', 'sh').flatMap((block) => block.split('\n'));
    const [first = '', second = ''] = curls.filter((line) => line.startsWith('curl '));
    const one = await chat(program.url, jsonOf(first));
    const two = await chat(program.url, jsonOf(second));
    expect(one).toMatchObject({ status: 'ready', text: expect.stringMatching(/stage 3/i) });
    expect(two).toMatchObject({
      status: 'ready',
      session_id: one.session_id,
      text: expect.stringMatching(/kidney|CKD/i),
    });
  });

  it('shows a page that follows a session', async () => {
    await using folder = await temporaryFolder();
    await using program = await start({ cwd: folder.path });
    const page = openPage(program.url);
    await page.loaded;
    page.text.value = 'Tell me about CKD stage 3';
    page.text.onchange?.();
    await expect.poll(() => page.shown()).toMatch(/^Tell me about CKD stage 3\n\n[^]*kidney/i);
    page.leave();
  });
});

describe('the documents', () => {
  it.each(['README.md', 'docs/deploy.md', 'docs/embedding.md', 'docs/dependencies.md', 'docs/nlp.md'])(
    '%s link to what is there',
    (path) => {
      const links = [...readDocument(path).matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, link = '']) => link);
      expect(links.filter((link) => !existsSync(join(root, path, '..', link)))).toEqual([]);
    },
  );

  it('name every dependency, and no other', () => {
    const { dependencies, devDependencies } = JSON.parse(readDocument('package.json')) as Record<
      string,
      object
    >;
    expect(packagesIn('package')).toEqual(Object.keys(dependencies ?? {}).toSorted());
    expect(packagesIn('tool')).toEqual(Object.keys(devDependencies ?? {}).toSorted());
  });
});

/** In the first column, each in backticks; what follows them is a version. */
function packagesIn(header: string): string[] {
  const cells = tableRows('docs/dependencies.md', header).map(([cell = '']) => cell.replaceAll('`', ''));
  return cells.flatMap((cell) => cell.split(', ').map((name) => name.replace(/ .*/, ''))).toSorted();
}

type StateNode = { readonly key: string; readonly states: Readonly<Record<string, StateNode>> };

function statesOf(machine: { readonly states: StateNode['states'] }): string[] {
  return Object.values(machine.states).flatMap((state) => [state.key, ...statesOf(state)]);
}

/** README's page, its script run with the elements and the EventSource a browser would give it. */
function openPage(url: string) {
  const [html = ''] = codeBlocks('README.md', 'html');
  const [, script = ''] = /<script type="module">([^]*)<\/script>/.exec(html) ?? [];
  const text: { value: string; onchange?: () => void } = { value: '' };
  let shown = '';
  const talk = { append: (...pieces: string[]) => (shown += pieces.join('')) };
  const opened: EventSource[] = [];
  class Watched extends EventSource {
    constructor(address: string) {
      super(address);
      opened.push(this);
    }
  }
  const AsyncFunction = (async () => {}).constructor as FunctionConstructor; // it has no name of its own
  const load = AsyncFunction('text', 'talk', 'EventSource', script.replace('http://localhost:8000', url));
  const loaded: Promise<unknown> = load(text, talk, Watched);
  return { loaded, text, shown: () => shown, leave: () => opened.forEach((source) => source.close()) };
}
