import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createBank } from '../../docs/examples/bank-card.ts';
import { createPractice } from '../../docs/examples/healthcare.ts';
import { codeBlocks, readDocument } from '../packaging/documents.ts';
import { root, start, temporaryFolder } from '../packaging/program.ts';
import { createDataFolder } from '../support/data-folder.ts';

type Found = { readonly [field: string]: unknown };
type Journey = { readonly id: string; readonly title: string; readonly triggers: readonly string[] };
type Related = { readonly target_guideline: { readonly id: string } };

async function list<Item = Found>(url: string, path: string): Promise<readonly Item[]> {
  return (await (await fetch(url + path)).json()) as Item[];
}

describe('docs/examples/healthcare.ts', () => {
  it('starts, and all of it is there over REST', async () => {
    await using folder = await createDataFolder();
    await using server = createPractice({
      settings: { port: 0, dataDir: folder.path, logLevel: 'silent' },
    });
    const url = await server.start();
    expect(await list(url, '/agents')).toMatchObject([{ id: 'healthcare', name: 'Maple Grove Practice' }]);
    expect((await list(url, '/terms')).map(({ name }) => name)).toEqual([
      'office hours',
      'appointment',
      'lab results',
      'follow-up',
      'referral',
      'insurance',
      'medicine',
      'diagnosis',
      'pain',
      'emergency',
      'unconscious',
      'front desk',
      'Dr. Osei',
      'Dr. Vidal',
    ]);
    expect((await list(url, '/journeys')).map(({ title }) => title)).toEqual([
      'Book an appointment',
      'Get lab results',
    ]);
    expect(await list(url, '/context-variables')).toMatchObject([
      { tool_id: { service_name: 'local', tool_name: 'next_appointment' } },
    ]);
    expect(await list(url, '/capabilities')).toHaveLength(2);
    expect((await list(url, '/canned_responses')).length).toBeGreaterThan(10);
  });

  it('asks which follow-up is meant, and lets an emergency go before everything', async () => {
    await using folder = await createDataFolder();
    await using server = createPractice({
      settings: { port: 0, dataDir: folder.path, logLevel: 'silent' },
    });
    const url = await server.start();
    const [booking, results] = await list<Journey>(url, '/journeys');
    const asked = await list<Related>(url, '/relationships?kind=disambiguation');
    expect(asked.map((each) => each.target_guideline.id)).toEqual([
      ...(booking?.triggers ?? []),
      ...(results?.triggers ?? []),
    ]);
    const first = await list(url, '/relationships?kind=priority');
    expect(first).toMatchObject([
      {
        source_guideline: { condition: expect.stringContaining('emergency') },
        target_tag: { id: `journey:${booking?.id}` },
      },
      {
        source_guideline: { condition: expect.stringContaining('emergency') },
        target_tag: { id: `journey:${results?.id}` },
      },
    ]);
  });

  it('runs as a program, and ends when it is told to', async () => {
    await using folder = await temporaryFolder();
    const program = join(root, 'docs/examples/healthcare.ts');
    await using started = await start({ cwd: folder.path, program });
    expect(await list(started.url, '/agents')).toMatchObject([{ id: 'healthcare' }]);
    started.kill('SIGTERM');
    expect((await started.ended).code).toBe(0);
  });
});

describe('docs/examples/bank-card.ts', () => {
  it('starts, and all of it is there over REST', async () => {
    await using folder = await createDataFolder();
    await using server = createBank({ settings: { port: 0, dataDir: folder.path, logLevel: 'silent' } });
    const url = await server.start();
    expect(await list(url, '/agents')).toMatchObject([{ id: 'bank-card', name: 'Northbridge Bank' }]);
    expect((await list(url, '/journeys')).map(({ title }) => title)).toEqual(['Order a new card']);
    expect((await list(url, '/terms')).map(({ name }) => name)).toContain('withdrawal limit');
    expect(await list(url, '/capabilities')).toHaveLength(2);
  });

  it('asks which limit is meant, and lets a lost card and fraud go before an order', async () => {
    await using folder = await createDataFolder();
    await using server = createBank({ settings: { port: 0, dataDir: folder.path, logLevel: 'silent' } });
    const url = await server.start();
    const [order] = await list<Journey>(url, '/journeys');
    const meant = { target_guideline: { condition: expect.stringMatching(/(spending|withdrawal) limit$/) } };
    expect(await list(url, '/relationships?kind=disambiguation')).toMatchObject([meant, meant]);
    const before = { target_tag: { id: `journey:${order?.id}` } };
    expect(await list(url, '/relationships?kind=priority')).toMatchObject([
      { ...before, source_guideline: { condition: expect.stringContaining('lost a card') } },
      { ...before, source_guideline: { condition: expect.stringContaining('fraud') } },
    ]);
  });

  it('runs as a program, and ends when it is told to', async () => {
    await using folder = await temporaryFolder();
    const program = join(root, 'docs/examples/bank-card.ts');
    await using started = await start({ cwd: folder.path, program });
    expect(await list(started.url, '/agents')).toMatchObject([{ id: 'bank-card' }]);
    started.kill('SIGTERM');
    expect((await started.ended).code).toBe(0);
  });
});

describe('docs/engine.md', () => {
  it('shows a page of code that runs', async () => {
    await using folder = await temporaryFolder();
    const [page = ''] = codeBlocks('docs/engine.md', 'ts');
    const program = join(folder.path, 'library.ts');
    await writeFile(
      program,
      page
        .replace(`'colloquy'`, `'${pathToFileURL(join(root, 'src/index.ts')).href}'`)
        .replace(`'zod'`, `'${import.meta.resolve('zod')}'`)
        .replace('settings: {', `settings: { port: 0, logLevel: 'silent',`)
        .replace('await server.start()', '`The library listens on ${await server.start()},`'),
    );
    await using started = await start({ cwd: folder.path, program });
    expect(await list(started.url, '/agents')).toMatchObject([{ id: 'library' }]);
    const [journey] = await list<Journey>(started.url, '/journeys');
    const drawing = await (await fetch(`${started.url}/journeys/${journey?.id}/mermaid`)).text();
    expect(drawing).toContain('It was renewed');
    expect(existsSync(join(folder.path, 'library-data'))).toBe(true);
  });

  it('links to what is there', () => {
    const links = [...readDocument('docs/engine.md').matchAll(/\]\((?!https?:)([^)#]+)/g)].map(
      ([, link = '']) => link,
    );
    expect(links.filter((link) => !existsSync(join(root, 'docs', link)))).toEqual([]);
  });
});
