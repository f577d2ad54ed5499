import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toMermaid } from '../../src/entities/journey-diagram.ts';
import type { JourneyGraph } from '../../src/entities/journey-graph.ts';

type NodeText = { readonly id: string; readonly action?: string; readonly tools?: readonly string[] };
type EdgeText = readonly [source: string, target: string, condition?: string];

const chat = 'fill:#14532d,stroke:#ffffff,stroke-width:2px,color:#ffffff';
const tool = 'fill:#fde68a,stroke:#92400e,stroke-width:2px,color:#78350f';

/** The lines behind the first, of a journey that begins at `root`, which does nothing unless it is among `nodes`. */
function draw(nodes: readonly NodeText[], edges: readonly EdgeText[]): readonly string[] {
  const all = nodes.some(({ id }) => id === 'root') ? nodes : [{ id: 'root' }, ...nodes];
  const stored = { journeyId: 'j', creationUtc: '', metadata: {} };
  const graph: JourneyGraph = {
    journey: {
      id: 'j',
      creationUtc: '',
      title: 'Journey',
      description: '',
      triggers: [],
      rootId: 'root',
      compositionMode: null,
      labels: [],
      priority: 0,
      tags: [],
    },
    nodes: all.map(({ id, action = null, tools = [] }) => ({
      ...stored,
      id,
      action,
      tools,
      description: null,
      labels: [],
      compositionMode: null,
    })),
    edges: edges.map(([source, target, condition = null], n) => ({
      ...stored,
      id: `e${n}`,
      source,
      target,
      condition,
    })),
  };
  const [first, ...lines] = toMermaid(graph).split('\n');
  expect(first).toBe('stateDiagram-v2');
  return lines.map((line) => line.trim());
}

describe('the picture of a journey', () => {
  it('shows what is said, what is run, forks, conditions and the end', () => {
    const nodes = [
      { id: 'ask', action: 'Ask for the date' },
      { id: 'search', tools: ['air:search'] },
      { id: 'fork' },
    ];
    const edges: readonly EdgeText[] = [
      ['root', 'ask'],
      ['ask', 'search', 'The date is known'],
      ['search', 'fork'],
      ['fork', 'ask', 'Nothing was found'],
      ['fork', 'end', 'A flight was found'],
    ];
    expect(draw(nodes, edges)).toEqual([
      'state "Ask for the date" as N0',
      'state "air#58;search" as N1',
      'state N2 <<choice>>',
      '[*] --> N0',
      'N0 --> N1: The date is known',
      'N1 --> N2',
      'N2 --> N0: Nothing was found',
      'N2 --> [*]: A flight was found',
      `style N0 ${chat}`,
      `style N1 ${tool}`,
    ]);
  });

  it('shows where it begins, if that says something, is returned to or leads nowhere', () => {
    expect(draw([{ id: 'root', action: 'Welcome' }], [['root', 'end']])).toEqual([
      'state "Welcome" as N0',
      '[*] --> N0',
      'N0 --> [*]',
      `style N0 ${chat}`,
    ]);
    expect(draw([], [['root', 'root']])).toEqual(['state N0 <<choice>>', '[*] --> N0', 'N0 --> N0']);
    expect(draw([], [])).toEqual(['state N0 <<choice>>', '[*] --> N0']);
  });

  it('shows steps no way leads to', () => {
    expect(draw([{ id: 'lost', action: 'Lost' }], [['root', 'end']])).toEqual([
      'state "Lost" as N0',
      '[*] --> [*]',
      `style N0 ${chat}`,
    ]);
  });

  it('leaves what is read as it is written, in any language', () => {
    const texts = ["Ask (politely): what's next?", 'Спроси, что дальше', '询问 下一步', 'اسأل', '🧭 → ½'];
    expect(texts.map((text) => draw([], [['root', 'end', text]])[0])).toEqual([
      "[*] --> [*]: Ask (politely)#58; what's next?",
      '[*] --> [*]: Спроси, что дальше',
      '[*] --> [*]: 询问 下一步',
      '[*] --> [*]: اسأل',
      '[*] --> [*]: 🧭 → ½',
    ]);
  });

  it('takes no text for anything but a text', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary', minLength: 1 }),
      fc.constantFrom(
        '"] as N9',
        'x\nN0 --> N9',
        '%%{init: {}}%%',
        '--> [*]: y; style N0 fill:#fff',
        '\u2028',
      ),
    );
    const said = texts.filter((text) => text.trim() !== '');
    fc.assert(
      fc.property(said, said, (action, condition) => {
        const [state, edge, style, ...more] = draw([{ id: 'a', action }], [['root', 'a', condition]]);
        expect(withoutText(state, 'state "', '" as N0')).toBe('');
        expect(withoutText(edge, '[*] --> N0: ', '')).toBe('');
        expect([style, more]).toEqual([`style N0 ${chat}`, []]);
      }),
    );
  });
});

/** What is left of a line between these when all that is harmless is taken out. */
function withoutText(line = '', before: string, behind: string): string {
  expect(line.startsWith(before) && line.endsWith(behind)).toBe(true);
  return line
    .slice(before.length, line.length - behind.length)
    .replaceAll(/#\d+;/g, '')
    .replaceAll(/[A-Za-z0-9 ,.!?'()/-]|[^\p{ASCII}\p{C}\p{Z}]/gu, '');
}
