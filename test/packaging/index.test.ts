import { expect, it } from 'vitest';
import * as errors from '../../src/errors.ts';
import * as colloquy from '../../src/index.ts';

it('offers exactly these values to programs', () => {
  expect(
    Object.keys(colloquy)
      .filter((name) => !(name in errors))
      .toSorted(),
  ).toEqual([
    'END_JOURNEY',
    'ListenError',
    'MATCH_ALWAYS',
    'PREAMBLE',
    'SettingsError',
    'StartError',
    'allOf',
    'anyOf',
    'createColloquy',
    'createEchoAgent',
    'createExampleDefinition',
    'createKnowledgeAgent',
    'createKnowledgeRetriever',
    'createServer',
    'defaultSettings',
    'defineAgent',
    'defineConfig',
    'loadSettings',
    'tool',
    'toolResult',
  ]);
});

it('offers every error that a caller can meet', () => {
  expect(Object.keys(colloquy)).toEqual(expect.arrayContaining(Object.keys(errors)));
});
