/**
 * A process that draws one statechart and ends: `node chart-program.ts <name> <address of the machine's file>`. elkjs takes a fifth of a
 * second and 50 MB, and a thread would keep the memory.
 */
import { layOut } from './chart-layout.ts';
import { loadMachine } from './machine-files.ts';

const [name = '', url = ''] = process.argv.slice(2);
process.stdout.write(JSON.stringify(await layOut(name, await loadMachine({ url }))));
