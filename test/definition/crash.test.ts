import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { definitionCollection } from '../../src/definition/definition-record.ts';
import { openSqliteDocuments } from '../../src/documents/sqlite-document-store.ts';
import { guidelineCollection } from '../../src/entities/collections/guideline.ts';
import { relationshipCollection } from '../../src/entities/collections/relationship.ts';
import { createDataFolder } from '../support/data-folder.ts';
import { allCollections } from './support.ts';

const owner = fileURLToPath(new URL('./owner.ts', import.meta.url));

/** Runs the owner from that edition on, kills it a while after an acknowledgement, and returns the last edition acknowledged. */
async function runAndKill(folder: string, first: number, afterMs: number): Promise<number> {
  const child = spawn(process.execPath, [owner, folder, String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let told = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (told += text));
  await once(child.stdout, 'data');
  await new Promise((resolve) => setTimeout(resolve, afterMs));
  child.kill('SIGKILL');
  await once(child, 'close');
  return Number(told.trim().split('\n').at(-1));
}

it('leaves the old definition or the new one, never half, wherever the process is killed', async () => {
  await using folder = await createDataFolder();
  let edition = 1;
  for (const afterMs of [0, 30, 70, 120, 200]) {
    const acknowledged = await runAndKill(folder.path, edition, afterMs);
    const documents = openSqliteDocuments({ folder: folder.path, collections: allCollections });
    const guidelines = (await documents.find(guidelineCollection)).items;
    const relationships = (await documents.find(relationshipCollection)).items;
    const record = await documents.get(definitionCollection, 'program');
    await documents.close();

    const stored = Number(guidelines.find(({ id }) => id === 'case-0')?.action);
    expect([acknowledged, acknowledged + 1]).toContain(stored);
    expect(new Set(guidelines.map(({ action }) => action))).toEqual(new Set([String(stored)]));
    const only = guidelines.filter(({ condition }) => condition.startsWith('edition'));
    expect(only.map(({ condition }) => condition)).toEqual([`edition ${stored}`]);
    expect(new Set(relationships.map(({ target }) => target.id))).toEqual(new Set([only[0]?.id]));
    expect([guidelines.length, relationships.length]).toEqual([501, 500]);
    expect(new Set(Object.keys(record?.owned['guidelines'] ?? {}))).toEqual(
      new Set(guidelines.map(({ id }) => id)),
    );
    edition = stored + 1;
  }
}, 60_000);
