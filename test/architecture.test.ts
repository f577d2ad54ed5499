import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');

/** What each place may import of the project's own; a place is a folder, or a file that stands alone. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  machines: [],
  'src/errors.ts': [],
  'src/start-error.ts': [],
  'src/version.ts': [],
  'src/node-http.ts': [],
  'src/config.ts': [
    'src/start-error.ts',
    'src/agents',
    'src/definition',
    'src/tools',
    'src/nlp/provider-names.ts',
    'src/voice/flows.ts',
  ],
  'src/charts': ['machines'],
  'src/event-log': ['src/errors.ts'],
  'src/upstream': [
    'src/errors.ts',
    'src/start-error.ts',
    'src/version.ts',
    'src/event-log',
    'src/session/clock.ts',
  ],
  'src/documents': ['src/errors.ts', 'src/event-log'],
  'src/templates': ['src/errors.ts', 'src/event-log'],
  'src/tools': ['src/errors.ts', 'src/event-log', 'src/session/clock.ts', 'src/version.ts'],
  'src/agents': ['src/errors.ts', 'src/event-log', 'src/session/clock.ts', 'src/upstream', 'src/nlp/lexical'],
  'src/session': ['machines', 'src/errors.ts', 'src/event-log', 'src/agents', 'src/upstream'],
  'src/entities': [
    'src/errors.ts',
    'src/event-log',
    'src/documents',
    'src/agents',
    'src/session',
    'src/tools',
    'src/templates',
  ],
  'src/engine': [
    'machines',
    'src/errors.ts',
    'src/event-log',
    'src/documents/document-store.ts',
    'src/documents/collection.ts',
    'src/entities',
    'src/tools',
    'src/templates',
    'src/nlp',
    'src/agents',
    'src/session/clock.ts',
    'src/telemetry/telemetry.ts',
  ],
  'src/nlp': ['src/errors.ts', 'src/start-error.ts', 'src/event-log', 'src/tools', 'src/session/clock.ts'],
  'src/moderation': ['src/errors.ts', 'src/event-log', 'src/nlp', 'src/tools', 'src/session'],
  'src/definition': [
    'src/errors.ts',
    'src/event-log',
    'src/documents',
    'src/entities',
    'src/tools',
    'src/engine',
  ],
  'src/sdk': [
    'src/errors.ts',
    'src/event-log',
    'src/entities',
    'src/tools',
    'src/engine',
    'src/definition',
    'src/documents',
    'src/templates',
    'src/agents',
    'src/colloquy.ts',
    'src/config.ts',
  ],
  'src/voice': ['machines', 'src/errors.ts', 'src/event-log', 'src/agents', 'src/session', 'src/talk'],
  'src/examples': ['src/definition', 'src/sdk', 'src/tools', 'src/agents/knowledge'],
  'src/talk': ['src/errors.ts', 'src/event-log', 'src/agents', 'src/session'],
  'src/telemetry': [
    'machines',
    'src/errors.ts',
    'src/node-http.ts',
    'src/start-error.ts',
    'src/config.ts',
    'src/event-log',
    'src/session',
  ],
  'src/http': [
    'src/errors.ts',
    'src/node-http.ts',
    'src/config.ts',
    'src/charts',
    'src/event-log',
    'src/agents',
    'src/session',
    'src/entities',
    'src/engine',
    'src/tools',
    'src/templates',
    'src/talk',
    'src/voice',
    'src/telemetry',
  ],
  // Of the server the page knows only types.
  'src/web': ['src/event-log/event.ts', 'src/event-log/frame.ts', 'src/charts/chart.ts'],
  'src/cli': [
    'src/start-error.ts',
    'src/config.ts',
    'src/event-log/data-folder.ts',
    'src/documents/documents-file.ts',
    'src/voice/voice-settings.ts',
    'src/main.ts',
  ],
  'src/wiring': ['src'],
  'src/colloquy.ts': ['src'],
  'src/main.ts': ['src'],
  'src/index.ts': ['src'],
};

/** Libraries and adapters that only one place may know. */
const knownOnlyTo: Readonly<Record<string, readonly string[]>> = {
  express: ['src/http'],
  'sse-channel': ['src/http'],
  jose: ['src/http'],
  ws: ['src/telemetry'],
  undici: ['src/upstream'],
  'eventsource-parser': ['src/upstream', 'src/web/connection'],
  '@assistant-ui/react': ['src/web/views/chat/thread.tsx'],
  '@modelcontextprotocol/client': [
    'src/tools/mcp-connection.ts',
    'src/tools/mcp-tool-service.ts',
    'src/tools/mcp-wire.ts',
  ],
  'livekit-server-sdk': ['src/voice/livekit'],
  elkjs: ['src/charts'],
  minisearch: ['src/agents'],
  croner: ['src/entities'],
  ai: ['src/nlp/ai-sdk'],
  '@ai-sdk/openai': ['src/nlp/ai-sdk/providers'],
  '@ai-sdk/openai-compatible': ['src/nlp/ai-sdk/providers'],
  '@ai-sdk/anthropic': ['src/nlp/ai-sdk/providers'],
  '@opentelemetry/api': ['src/telemetry'],
  'node:sqlite': ['src/event-log', 'src/documents', 'src/cli/backup.ts'],
  'src/documents/sqlite-document-store.ts': ['src/documents', 'src/colloquy.ts'],
  'src/event-log/sqlite-log.ts': ['src/event-log', 'src/colloquy.ts', 'src/wiring/optional-parts.ts'],
};

const imports = globSync(['machines/**/*.ts', 'src/**/*.{ts,tsx}'], { cwd: root }).flatMap((file) =>
  [...readFileSync(join(root, file), 'utf8').matchAll(/\b(?:from|import) ?\(? ?'([^']+)'/g)].map(
    ([, name = '']) => ({
      file,
      of: name.startsWith('.') ? relative(root, resolve(root, dirname(file), name)) : name,
      isOwn: name.startsWith('.'),
    }),
  ),
);

describe('the parts know only whom they may', () => {
  it.each(Object.entries(mayImport))('%s', (place, allowed) => {
    const foreign = imports.filter(
      ({ file, of, isOwn }) => isOwn && isIn(place, file) && !isInAny([place, ...allowed], of),
    );
    expect(foreign).toEqual([]);
  });

  it('and every file has a place', () => {
    expect(imports.filter(({ file }) => !isInAny(Object.keys(mayImport), file))).toEqual([]);
  });

  it('the page takes nothing of the server but types', () => {
    const taken = globSync('src/web/**/*.{ts,tsx}', { cwd: root }).flatMap((file) =>
      [...readFileSync(join(root, file), 'utf8').matchAll(/^(?:import|export) (?!type )[^;']*'(\..*)'/gm)]
        .map(([, name = '']) => relative(root, resolve(root, dirname(file), name)))
        .filter((path) => !isIn('src/web', path)),
    );
    expect(taken).toEqual([]);
  });

  it("Node's HTTP is imported for its types only", () => {
    const files = globSync('src/**/*.ts', { cwd: root });
    const loading = /^import (?!type )[^;]*'node:https?'/m;
    expect(files.filter((file) => loading.test(readFileSync(join(root, file), 'utf8')))).toEqual([]);
  });

  it('machines need nothing but xstate', () => {
    const libraries = imports.filter(({ file, isOwn }) => isIn('machines', file) && !isOwn);
    expect(new Set(libraries.map(({ of }) => of))).toEqual(new Set(['xstate']));
  });

  it.each(Object.entries(knownOnlyTo))('%s is known in one place only', (library, places) => {
    const knowing = imports.filter(({ file, of }) => of === library && !isInAny(places, file));
    expect(knowing).toEqual([]);
  });
});

function isIn(place: string, path: string): boolean {
  return path === place || path.startsWith(`${place}/`);
}

function isInAny(places: readonly string[], path: string): boolean {
  return places.some((place) => isIn(place, path));
}
