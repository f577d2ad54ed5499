/** What the documents show, so that tests can run it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './program.ts';

export function readDocument(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

/** The code blocks of that language, in order. */
export function codeBlocks(path: string, language: string): string[] {
  const blocks = readDocument(path).matchAll(/^```(\w*)\n([^]*?)^```$/gm);
  return [...blocks].filter(([, tag]) => tag === language).map(([, , code = '']) => code);
}

/** The rows of the table whose header begins with that cell, without the backticks. */
export function tableRows(path: string, header: string): string[][] {
  const lines = readDocument(path).split('\n').map(cellsOf);
  const start = lines.findIndex((cells) => cells?.[0] === header);
  const rest = lines.slice(start + 2); // the header and the rule under it
  const end = rest.findIndex((cells) => cells === undefined);
  return rest.slice(0, end).map((cells) => cells ?? []);
}

/** The body a `curl` line sends. */
export function jsonOf(curl: string): object {
  const [, body = ''] = /-d '(.*?)'/.exec(curl) ?? [];
  return JSON.parse(body) as object;
}

function cellsOf(line: string): string[] | undefined {
  if (!line.startsWith('|')) return undefined;
  const cells = line.split('|').slice(1, -1);
  return cells.map((cell) => cell.trim().replaceAll(/^`|`$/g, ''));
}
