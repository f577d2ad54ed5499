/** What the command line asks for. */
import { parseArgs } from 'node:util';
import { StartError } from '../start-error.ts';

/** A command line that makes no sense. The message is one line. */
export class UsageError extends StartError {}

export type Command =
  | { readonly name: 'serve'; readonly config?: string }
  | { readonly name: 'backup'; readonly folder: string; readonly config?: string }
  | { readonly name: 'help' }
  | { readonly name: 'version' };

/** Throws `UsageError`. */
export function parseArguments(argv: readonly string[]): Command {
  const { values, positionals } = parse(argv);
  const [name = 'serve', ...operands] = positionals;
  const config = values.config === undefined ? {} : { config: values.config };
  if (values.help || name === 'help') return { name: 'help' };
  if (values.version) return { name: 'version' };
  if (name === 'serve') {
    if (operands.length > 0) throw new UsageError(`"colloquy serve" takes no "${operands[0]}"; ${hint}`);
    return { name, ...config };
  }
  if (name === 'backup') {
    const [folder, surplus] = operands;
    if (folder === undefined || surplus !== undefined)
      throw new UsageError('"colloquy backup" takes one folder to make.');
    return { name, folder, ...config };
  }
  throw new UsageError(`There is no command "${name}"; ${hint}`);
}

const hint = 'see colloquy --help.';

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h' },
        version: { type: 'boolean', short: 'v' },
        config: { type: 'string', short: 'c' },
      },
    });
  } catch (error) {
    const [sentence] = (error as Error).message.split('. '); // parseArgs throws nothing else
    throw new UsageError(`${sentence?.replace(/\.$/, '')}; ${hint}`);
  }
}
