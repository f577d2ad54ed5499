import { describe, expect, it } from 'vitest';
import { toSituation } from '../../src/engine/cycle/situation.ts';
import { agentSaid, composerTurn, customerSays } from '../support/composer.ts';

/** What of these is shown, by its first character. */
function shownOf(texts: readonly string[]): string {
  const { events, situation } = composerTurn({
    events: texts.map((text, at) => (at % 2 === 0 ? customerSays(text) : agentSaid(text))),
  });
  const { interaction } = toSituation({ events, staged: [] }, situation);
  return interaction.map(({ data }) => (data as { readonly message: string }).message[0]).join('');
}

describe('what of a conversation a model is shown', () => {
  it('is all of it', () => {
    expect(shownOf(['a', 'b', 'c'])).toBe('abc');
  });

  it('is the latest of it, where all of it is more than a model reads', () => {
    const long = (letter: string) => letter.repeat(150_000);
    expect(shownOf([long('a'), long('b'), 'c', long('d')])).toBe('bcd');
    expect(shownOf(['a', 'b', 'c'.repeat(1_000_000), 'd'])).toBe('d');
  });

  it('is in any case what was said last', () => {
    expect(shownOf(['a', 'b', 'c'.repeat(1_000_000)])).toBe('c');
  });

  it('counts what tools have found, however deep it lies', () => {
    const tool_calls = [
      { tool_id: 's:t', arguments: {}, result: { data: { a: [{ b: 'x'.repeat(500_000) }] } } },
    ];
    const { events, situation } = composerTurn({
      events: [customerSays('q'), { kind: 'tool', data: { tool_calls } }, customerSays('r')],
    });
    expect(toSituation({ events, staged: [] }, situation).interaction).toMatchObject([
      { data: { message: 'r' } },
    ]);
  });
});
