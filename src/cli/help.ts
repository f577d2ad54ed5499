/** The text of `colloquy --help`: the commands, and every setting as the schema knows it. */
import { settingsList } from '../config.ts';

export function helpText(): string {
  return `Usage: colloquy [serve] [--config <file>]     start the server
       colloquy backup <folder> [--config <file>]  copy the data while the server runs
       colloquy --help | --version

Settings come from the environment, else from colloquy.config.ts (.js, .mjs) in the working folder, where they are
written in camelCase (IDLE_AFTER_MS is idleAfterMs), else they are as shown here:

${settingsTable()}
`;
}

function settingsTable(): string {
  const rows = settingsList.map((setting) => [
    setting.variable,
    setting.default === '' ? '-' : setting.default,
    setting.unit,
    setting.text,
  ]);
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`)
    .join('\n');
}
