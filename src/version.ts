/** The version of this package, from the `package.json` above: `src/` in a clone, `dist/` where it is installed. */
import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';

export const version: string = readVersion();

function readVersion(): string {
  const file = findPackageJSON(import.meta.url);
  if (file === undefined) return '0.0.0';
  const content: { readonly version: string } = JSON.parse(readFileSync(file, 'utf8')); // npm requires a version
  return content.version;
}
