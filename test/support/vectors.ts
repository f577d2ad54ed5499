/** The recorded cases of one family (`test/vectors/README.md` says what is in them). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '../vectors');

/** `file` without its ending. Throws if it has no case of that family: a family that is not there would pass. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the README says what a case holds, and the caller repeats it
export function readVectors<Case>(
  file: string,
  family: string,
): readonly (Case & { readonly id: string; readonly title: string })[] {
  const { cases } = JSON.parse(readFileSync(join(folder, `${file}.json`), 'utf8')) as {
    cases: (Case & { readonly id: string; readonly title: string; readonly family: string })[]; // as its README says
  };
  const found = cases.filter((each) => each.family === family);
  if (found.length === 0) throw new Error(`There are no cases of ${family} in ${file}.json.`);
  return found;
}
