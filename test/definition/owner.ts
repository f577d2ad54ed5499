/**
 * A process that stores one large definition after the other, each an edit of the one before, for a test that kills it. Prints the number
 * of each that was acknowledged.
 */
import { applyDefinitions } from '../../src/definition/apply-definitions.ts';
import { openSqliteDocuments } from '../../src/documents/sqlite-document-store.ts';
import { allCollections, define } from './support.ts';

const [folder = '', first = ''] = process.argv.slice(2);
const documents = openSqliteDocuments({ folder, collections: allCollections });

for (let edition = Number(first); ; edition++) {
  await applyDefinitions({ documents, definitions: [write(edition)] });
  console.log(edition);
}

/** Every edition says something else in the same places, and has a guideline that the others have not. */
function write(edition: number) {
  return define((server) => {
    const agent = server.createAgent({ id: 'clinic', name: 'Clinic' });
    const only = agent.createGuideline({ condition: `edition ${edition}`, action: `${edition}` });
    for (let n = 0; n < 500; n++) {
      agent.createGuideline({ id: `case-${n}`, condition: `case ${n}`, action: `${edition}` }).dependOn(only);
    }
  });
}
