import { expect, it } from 'vitest';
import { effectiveMode } from '../../src/engine/composing/effective-mode.ts';
import type { CompositionMode } from '../../src/entities/collections/agent.ts';
import { engineGuideline } from '../support/engine-entities.ts';

it.each([
  ['strict_canned', ['canned_fluid', 'composited_canned'], 'strict_canned'],
  ['composited_canned', [], 'composited_canned'],
  ['composited_canned', ['canned_fluid'], 'canned_fluid'],
  ['composited_canned', ['fluid', null], 'composited_canned'],
  ['canned_fluid', ['fluid', 'canned_fluid', 'composited_canned'], 'composited_canned'],
  ['canned_fluid', ['composited_canned', 'strict_canned'], 'strict_canned'],
] as const)(
  'an agent that is %s, and guidelines that ask for %j, make an answer %s',
  (agent, asked, mode) => {
    expect(effectiveMode(agent, asked.map(asking))).toBe(mode);
  },
);

function asking(compositionMode: CompositionMode | null, at: number) {
  return { guideline: engineGuideline(`g${at}`, { compositionMode }), score: 10, rationale: '' };
}
