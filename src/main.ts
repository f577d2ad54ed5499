/**
 * The program: reads its configuration, starts Colloquy, says so, and ends in order when it is told to.
 * What a user can put right is one line on stderr and exit code 1; only bugs show a stack.
 */
import { enableCompileCache } from 'node:module';
import { parseArguments } from './cli/arguments.ts';
import { readConfigFile } from './cli/config-file.ts';
import { giveBackMemory } from './cli/give-back-memory.ts';
import { helpText } from './cli/help.ts';
import type { Colloquy } from './colloquy.ts';
import { loadSettings, upstreamsFromEnvironment } from './config.ts';
import { DomainError } from './errors.ts';
import { StartError } from './start-error.ts';
import type { OtlpExport } from './telemetry/otlp-export.ts';
import { version } from './version.ts';

if (import.meta.main) await main(process.argv.slice(2));

/** Does what the command line asks for. Never rejects: a failure is told and ends the process. */
export async function main(argv: readonly string[]): Promise<void> {
  // Sparing the next start the compiler, and Node's TypeScript support where only the configuration needs it: 12 MB.
  enableCompileCache();
  try {
    const command = parseArguments(argv);
    if (command.name === 'help') say(helpText());
    else if (command.name === 'version') say(`${version}\n`);
    else if (command.name === 'backup') await backUp(command);
    else await serve(command);
  } catch (error) {
    const isExpected = error instanceof StartError || error instanceof DomainError;
    process.stderr.write(`${isExpected ? error.message : stackOf(error)}\n`);
    process.exit(1);
  }
}

/** A command that does not serve does not load the server. */
async function serve({ config: file }: { readonly config?: string }): Promise<void> {
  const { settings, ...given } = await readSettings(file);
  const upstreams = upstreamsFromEnvironment(process.env);
  const otlp = await exportByOtlp();
  const { createColloquy } = await import('./colloquy.ts');
  const colloquy = await createColloquy({ settings, upstreams, ...given });
  endOnSignals(colloquy, otlp);
  await giveBackMemory();
  say(greeting(colloquy, await colloquy.listen()));
}

/** Before anything is made that might be told of. Loaded only where the environment speaks of it. */
async function exportByOtlp(): Promise<OtlpExport | undefined> {
  if (!Object.keys(process.env).some((name) => name.startsWith('OTEL_EXPORTER_OTLP'))) return undefined;
  const { startOtlpExport } = await import('./telemetry/otlp-export.ts');
  return startOtlpExport(process.env);
}

async function backUp({
  folder,
  config,
}: {
  readonly folder: string;
  readonly config?: string;
}): Promise<void> {
  const { dataDir } = (await readSettings(config)).settings;
  const { copyData } = await import('./cli/backup.ts');
  await copyData({ dataDir, folder });
  say(`The data of ${dataDir} was copied to ${folder}.\n`);
}

async function readSettings(file: string | undefined) {
  const config = await readConfigFile(process.cwd(), file);
  const { agents, definitions, toolServices, flows } = config;
  return {
    settings: loadSettings(process.env, config),
    ...(agents && { agents }),
    ...(definitions && { definitions }),
    ...(toolServices && { toolServices }),
    ...(flows && { flows }),
  };
}

/**
 * The first signal ends in order, a second one at once. What follows within a blink is the same Ctrl-C again: a terminal sends it to
 * npm and to this process, and npm hands its own on.
 */
function endOnSignals(colloquy: Colloquy, otlp: OtlpExport | undefined): void {
  let toldAt: number | undefined;
  for (const [signal, number] of [
    ['SIGINT', 2],
    ['SIGTERM', 15],
  ] as const)
    process.on(signal, () => {
      const now = performance.now();
      if (toldAt === undefined) void end(colloquy, otlp);
      else if (now - toldAt > 300) process.exit(128 + number);
      toldAt ??= now;
    });
}

async function end(colloquy: Colloquy, otlp: OtlpExport | undefined): Promise<void> {
  say('Ending: turns under way may finish. Once more ends at once.\n');
  await colloquy.close();
  await otlp?.close();
  // Nothing of Colloquy's holds the process now. An agent that does not heed its signal may: it is not waited for.
  setTimeout(() => process.exit(), 1_000).unref();
}

function greeting({ agents, settings }: Colloquy, url: string): string {
  const { dataDir, defaultAgent, inspect } = settings;
  const names = agents.list().map(({ id }) => (id === defaultAgent ? `${id} (default)` : id));
  const message = defaultAgent === 'research_paper' ? 'Tell me about CKD stage 3' : 'Hello';
  const lines = [
    `Colloquy ${version} listens on ${url}, data in ${dataDir}`,
    `Agents: ${names.join(', ')}`,
    `Try:    curl -s ${url}/api/chat -H 'content-type: application/json' -d '{"message":"${message}"}'`,
    ...(inspect ? [`See:    ${url}/api/inspect shows live sessions in the Stately inspector`] : []),
  ];
  return `${lines.join('\n')}\n`;
}

function say(text: string): void {
  process.stdout.write(text);
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
