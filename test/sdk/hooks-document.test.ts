import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { createHotel } from '../../docs/examples/hotel.ts';
import { createColloquy } from '../../src/colloquy.ts';
import { hooksSchema } from '../../src/sdk/hooks.ts';
import { codeBlocks, readDocument, tableRows } from '../packaging/documents.ts';
import { root } from '../packaging/program.ts';
import { createDataFolder } from '../support/data-folder.ts';

describe('docs/hooks.md', () => {
  it('lists every hook there is, and no other', () => {
    const listed = tableRows('docs/hooks.md', 'hook').map(([name]) => name);
    expect(new Set(listed)).toEqual(new Set(Object.keys(hooksSchema.shape)));
  });

  it('shows what stands in its example, which compiles and runs', () => {
    const known = new Set(linesOf(readFileSync(join(root, 'docs/examples/hotel.ts'), 'utf8')));
    const shown = codeBlocks('docs/hooks.md', 'ts').flatMap(linesOf);
    const own = ['import ', 'const server = '];
    expect(shown.filter((line) => !known.has(line) && !own.some((begin) => line.startsWith(begin)))).toEqual(
      [],
    );
    expect(shown.length).toBeGreaterThan(40);
  });

  it('links to what is there', () => {
    const links = [...readDocument('docs/hooks.md').matchAll(/\]\((?!https?:)([^)#]+)/g)];
    expect(
      links.map(([, link = '']) => link).filter((link) => !existsSync(join(root, 'docs', link))),
    ).toEqual([]);
  });
});

describe('docs/examples/hotel.ts', () => {
  it('answers by its own rules: a flagged message, breakfast, the menu, the handbook', async () => {
    const logged = vi.spyOn(console, 'log').mockImplementation(() => {});
    await using hotel = await openHotel();
    expect(await hotel.ask('You idiot', { flagged: true })).toBe('Let us stay polite.');
    expect(await hotel.ask('When is breakfast?')).toMatch(/^Breakfast is served until 1[01] today\.$/);
    expect(await hotel.ask('What is there to eat?')).toContain('Eggs and tea');
    expect(await hotel.ask('Do you have a pool?')).toContain('Source: Pool.');
    expect(logged).toHaveBeenCalledWith('ann was told about breakfast');
    logged.mockRestore();
  });
});

function linesOf(code: string): readonly string[] {
  return code.split('\n').flatMap((line) => line.trim() || []);
}

/** Without a model, with a menu that can be read and a folder of one text. */
async function openHotel() {
  const folder = await createDataFolder();
  const handbook = 'There is a pool on the roof. It is heated and open from seven to nine.';
  await writeFile(join(folder.path, 'pool.md'), `---\ntitle: Pool\n---\n${handbook}\n`);
  const menu = createHttpServer((_req, res) => res.end('Eggs and tea')).listen(0, '127.0.0.1');
  await once(menu, 'listening');
  const { port } = menu.address() as AddressInfo; // listening on TCP
  const written = await createHotel({ folder: folder.path, menuUrl: `http://127.0.0.1:${port}` });
  const colloquy = await createColloquy({
    definitions: [written.define()],
    settings: { port: 0, dataDir: join(folder.path, 'data'), logLevel: 'silent' },
  });
  const { sessions, agentService } = colloquy;
  const { id } = await agentService.createTalkSession('ann');

  return {
    /** The messages of the answer. */
    async ask(message: string, about: { readonly flagged?: boolean } = {}): Promise<string> {
      const data = {
        message,
        participant: { id: 'ann', display_name: 'Ann' },
        flagged: false,
        tags: [],
        ...about,
      };
      const said = await sessions.post(id, { kind: 'message', source: 'customer', data });
      const { messages } = await agentService.rejoin('ann', {
        sessionId: id,
        traceId: said.trace_id,
        offset: said.offset,
      });
      return messages.map(({ data: answer }) => (answer as { readonly message: string }).message).join('\n');
    },
    async [Symbol.asyncDispose]() {
      await colloquy.close();
      menu.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}
