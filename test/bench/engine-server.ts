/** The server of the engine's rows: one written agent, without a model, or with one that answers at once (`INSTANT=1`). */
import { createColloquy } from '../../src/colloquy.ts';
import { loadSettings } from '../../src/config.ts';
import { createServer } from '../../src/sdk/server.ts';
import { writeShop } from './engine-agent.ts';
import { createInstantNlp } from './instant-nlp.ts';

const server = createServer();
writeShop(server);
const colloquy = await createColloquy({
  settings: { ...loadSettings(process.env, {}), indexing: false },
  definitions: [server.define()],
  ...(process.env['INSTANT'] === '1' && { nlp: createInstantNlp() }),
});
await colloquy.listen();
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void colloquy.close().then(() => process.exit()));
