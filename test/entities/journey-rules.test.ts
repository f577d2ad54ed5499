import { describe, expect, it } from 'vitest';
import { checkGraph, checkRemoval, type GraphEdge } from '../../src/entities/journey-rules.ts';
import { InvalidJourneyError, JourneyNodeNotFoundError } from '../../src/errors.ts';

/** Of edges written as `a > b if x, a > end if y`. */
function check(edges: string, { ids = ['root', 'a', 'b'], rootId = 'root' } = {}) {
  return () => checkGraph({ journeyId: 'j', rootId, nodeIds: new Set(ids), edges: toEdges(edges) });
}

function toEdges(edges: string): readonly GraphEdge[] {
  return edges.split(', ').flatMap((edge) => {
    const [source = '', target, condition = null] = edge.split(/ > | if /);
    return target === undefined ? [] : [{ source, target, condition }];
  });
}

describe('the graph of a journey', () => {
  it.each([
    ['nothing but its root', ''],
    ['a way to the end', 'root > end'],
    ['states no way leads to', 'a > b'],
    ['a circle', 'root > a, a > b, b > a'],
    ['a way back to the root', 'root > a, a > root'],
    ['a state that leads to itself', 'root > root'],
    ['any number of exits with a condition', 'root > a if x, root > b if y, root > end if z'],
    ['the same way under two conditions', 'root > a if x, root > a if y'],
    ['two states that lead to one', 'root > b, a > b'],
  ])('may have %s', (_, edges) => {
    expect(check(edges)).not.toThrow();
  });

  it.each([
    ['go on from its end', 'end > a', /cannot be: nothing goes on from its end/],
    ['go on from its end to its end', 'end > end', /nothing goes on from its end/],
    ['have two exits without a condition', 'a > b, a > end', /state "a" .* without a condition and 1 more/],
    ['mix exits with and without one', 'a > b if x, a > root if y, a > end', /state "a" .* and 2 more/],
  ])('cannot %s', (_, edges, line) => {
    expect(check(edges)).toThrow(InvalidJourneyError);
    expect(check(edges)).toThrow(line);
  });

  it('cannot begin, come from or lead where there is no state', () => {
    const unknown = new JourneyNodeNotFoundError('j', 'elsewhere');
    expect(check('', { rootId: 'elsewhere' })).toThrow(unknown);
    expect(check('elsewhere > a')).toThrow(unknown);
    expect(check('root > elsewhere if x')).toThrow(unknown);
  });

  it('has no state that is called like its end, or with a colon', () => {
    expect(check('', { ids: ['root', 'end'] })).toThrow(/"end" is the end of every journey/);
    expect(check('', { ids: ['root', 'a:b'] })).toThrow(/no colon, and "a:b" has one/);
  });

  it('loses any state but the one where it begins', () => {
    expect(() => checkRemoval({ id: 'j', rootId: 'root' }, 'a')).not.toThrow();
    expect(() => checkRemoval({ id: 'j', rootId: 'root' }, 'root')).toThrow(
      /"root" is where it begins, and it would have no beginning/,
    );
  });

  it('of 10,000 states in a circle with as many exits is checked at once', () => {
    const ids = Array.from({ length: 10_000 }, (_, n) => (n === 0 ? 'root' : `n${n}`));
    const circle = ids.slice(1).map((id, n) => `${id} > ${ids[n + 2] ?? 'n1'}`);
    const exits = ids.map((id) => `root > ${id} if ${id}`);
    expect(check([...circle, ...exits].join(', '), { ids })).not.toThrow();
  });
});
