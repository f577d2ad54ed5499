import { describe, expect, it } from 'vitest';
import { requestedMode } from '../../src/engine/tool-calling/session-mode.ts';
import type { SessionMode } from '../../src/event-log/session-record.ts';
import type { ToolResult } from '../../src/tools/tool.ts';
import { readVectors } from '../support/vectors.ts';

type Case = {
  readonly currentMode: SessionMode;
  readonly controls: readonly ToolResult['control'][];
  readonly expected: { readonly update: SessionMode | null };
};

describe('the mode that tools want a session in', () => {
  it.each(readVectors<Case>('tool-calling', 'session-mode-control'))(
    '$id $title',
    ({ currentMode, controls, expected }) => {
      const results = controls.map((control) => ({ control }));
      expect(requestedMode(currentMode, results) ?? null).toBe(expected.update);
    },
  );

  it('stays as it is where no tool ran', () => {
    expect(requestedMode('manual', [])).toBeUndefined();
  });
});
