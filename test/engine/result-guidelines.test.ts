import { describe, expect, it } from 'vitest';
import { resultGuidelines } from '../../src/engine/tool-calling/result-guidelines.ts';
import type { ToolGuideline, ToolResult } from '../../src/tools/tool.ts';

describe('guidelines that come with what tools bring', () => {
  it('apply to the answer, are numbered through, and are never taken for stored ones', () => {
    const matches = resultGuidelines([
      { toolId: 's:t', result: bringing({ action: 'be nice' }) },
      { toolId: 's:u', result: bringing() },
      { toolId: 's:v', result: bringing({ action: 'ask' }, { action: 'thank' }) },
    ]);
    expect(matches.map(({ guideline, score }) => [guideline.id, guideline.action, score])).toEqual([
      ['<tool-guideline-1>', 'be nice', 10],
      ['<tool-guideline-2>', 'ask', 10],
      ['<tool-guideline-3>', 'thank', 10],
    ]);
    expect(matches.every(({ guideline }) => guideline.transient)).toBe(true);
    expect(matches.at(-1)?.rationale).toContain('s:v');
  });

  it('what they do not say is as usual', () => {
    const [match] = resultGuidelines([{ toolId: 's:t', result: bringing({ action: 'be nice' }) }]);
    expect(match?.guideline).toMatchObject({
      condition: '',
      description: null,
      priority: 0,
      criticality: 'medium',
    });
  });

  it('what they say holds', () => {
    const given = {
      action: 'be nice',
      condition: 'they are sad',
      description: 'people like it',
      priority: 7,
      criticality: 'high',
    } as const;
    const [match] = resultGuidelines([{ toolId: 's:t', result: bringing(given) }]);
    expect(match?.guideline).toMatchObject(given);
  });
});

function bringing(...guidelines: readonly ToolGuideline[]): ToolResult {
  return { data: null, metadata: {}, control: {}, cannedResponses: [], cannedResponseFields: {}, guidelines };
}
