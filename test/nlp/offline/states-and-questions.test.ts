import { describe, expect, it } from 'vitest';
import { holds, judgeCondition } from '../../../src/nlp/offline/conditions/judge-condition.ts';
import { toScene } from '../../../src/nlp/offline/conditions/scene.ts';
import type { Json } from '../../../src/event-log/event.ts';
import type { Situation } from '../../../src/nlp/questions/situation.ts';

const now = Date.UTC(2026, 10, 20);

describe('a customer who asks whether something is there', () => {
  it('does not tell that it is, once a tool was asked', () => {
    const scene = toScene(situation('Is my parcel there?', 'not there yet'));
    expect(holds(judgeCondition('There is a parcel', scene, now))).toBe(false);
    expect(holds(judgeCondition('The parcel is there', scene, now))).toBe(false);
  });

  it('learns what the tool says', () => {
    const scene = toScene(situation('Is my parcel there?', 'The parcel is there'));
    expect(holds(judgeCondition('The parcel is there', scene, now))).toBe(true);
  });
});

function situation(message: string, data: Json): Situation {
  return {
    agent: { id: 'desk', name: 'Front desk', description: null },
    customer: { id: 'c', name: 'Carl' },
    interaction: [{ event_kind: 'message', event_source: 'user', data: { message } }],
    terms: [],
    variables: [],
    capabilities: [],
    staged: [{ toolId: 'local:look', arguments: {}, data }],
  };
}
