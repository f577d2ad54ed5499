/** An agent that may say only what was written for it can say that an outcome is not known, too. */
import { describe, expect, it } from 'vitest';
import { createComposer } from '../../src/engine/composing/composer.ts';
import { resultGuidelines } from '../../src/engine/tool-calling/result-guidelines.ts';
import { unknownCall, withheldCall } from '../../src/engine/tool-calling/call-outcomes.ts';
import { composerTurn, createRecordingVoice, createScriptedNlp } from '../support/composer.ts';

const call = { id: 'x', toolId: 'bank:pay', arguments: {} };
const sorry = expect.stringMatching(/^I am sorry.*I do not know whether that has taken effect/);

describe('that an outcome is not known', () => {
  it.each(['strict_canned', 'composited_canned', 'canned_fluid'] as const)(
    'can be said in the mode %s',
    async (compositionMode) => {
      const nlp = createScriptedNlp({
        canned_draft: [{ body: 'I do not know.' }],
        selection: ({ templates }) => ({ templateId: templates[0]?.id ?? null, quality: 'high' }),
        recomposition: ({ templates }) => ({ text: templates[0]?.text ?? '' }),
        follow_up: [{}],
      });
      const turn = composerTurn({ staged: [unknownCall(call)], agent: { compositionMode } });
      const { said } = await createComposer({ nlp }).compose(turn, createRecordingVoice());
      expect(said).toEqual([sorry]);
    },
  );

  it.each([unknownCall, withheldCall])('is what the answer must be about (%o)', (toOutcome) => {
    const guidelines = resultGuidelines([toOutcome(call)]).map(({ guideline }) => guideline);
    expect(guidelines).toMatchObject([
      { action: expect.stringContaining('do not know whether'), criticality: 'high', transient: true },
    ]);
  });

  it('says why to front ends only, without a stack', () => {
    const error = new Error('socket closed');
    const { data, metadata } = unknownCall(call, error).result;
    expect(metadata).toEqual({ outcome: 'unknown', error_details: 'socket closed' });
    expect(data).not.toContain('socket');
  });
});
