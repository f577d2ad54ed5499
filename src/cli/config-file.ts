/** Reads `colloquy.config.ts` (or `.js`, `.mjs`) of the working folder. */
import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Config, SettingsError } from '../config.ts';

const names = ['colloquy.config.ts', 'colloquy.config.js', 'colloquy.config.mjs'];

/** `file`: the one that was asked for. Without one, and without a file of the usual names, the configuration is empty. */
export async function readConfigFile(folder: string, file?: string): Promise<Config> {
  const path = file === undefined ? usualFile(folder) : resolve(folder, file);
  if (path === undefined) return {};
  if (!existsSync(path)) throw new SettingsError(`There is no configuration file ${path}.`);
  const config = await load(path);
  if (!isPlainObject(config))
    throw new SettingsError(
      `${basename(path)} must export its settings: export default defineConfig({ … }).`,
    );
  for (const name of ['agents', 'definitions'] as const)
    if (name in config && !Array.isArray(config[name]))
      throw new SettingsError(`In ${basename(path)}, ${name} must be a list.`);
  return config; // what is in it is checked with the settings
}

/** A list, a class … would be taken for settings of which none is set. */
function isPlainObject(value: unknown): value is Config {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

function usualFile(folder: string): string | undefined {
  return names.map((name) => join(folder, name)).find((path) => existsSync(path));
}

async function load(path: string): Promise<unknown> {
  try {
    const module: { readonly default?: unknown } = await import(pathToFileURL(path).href);
    return await module.default; // may be a promise
  } catch (error) {
    const [line] = String(error).split('\n');
    const where = placeIn(path, error);
    throw new SettingsError(`${where} could not be loaded: ${line}`, { cause: error });
  }
}

/** With the line and column that threw, where it is one of the file's own. */
function placeIn(path: string, error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const address = pathToFileURL(path).href;
  const [, place = ''] = stack.split(address)[1]?.match(/^(:\d+(?::\d+)?)/) ?? [];
  return path + place;
}
