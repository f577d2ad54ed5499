import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { narrowByPrecedence } from '../../src/engine/tool-calling/parameter-precedence.ts';
import { joinInsights } from '../../src/engine/tool-calling/evaluation.ts';
import type { ParameterProblem } from '../../src/engine/turn-context.ts';
import { tool } from '../../src/tools/define-tool.ts';
import { readVectors } from '../support/vectors.ts';
import { startWritten } from '../support/written-agent.ts';

type Item = {
  readonly kind: 'missing' | 'invalid';
  readonly parameter: string;
  readonly precedence?: number | null;
};

type Case = { readonly items: readonly Item[]; readonly expected: readonly string[] };

describe('what a customer is asked for first', () => {
  it.each(readVectors<Case>('tool-calling', 'parameter-precedence'))('$id $title', ({ items, expected }) => {
    const { missing, invalid } = narrowByPrecedence({
      evaluations: [],
      missing: items.filter(({ kind }) => kind === 'missing').map(toProblem),
      invalid: items.filter(({ kind }) => kind === 'invalid').map(toProblem),
    });
    expect([...missing, ...invalid].map(({ parameter }) => parameter)).toEqual(expected);
  });

  it('what several tools and iterations lack is told together, each once', () => {
    const date = toProblem({ kind: 'missing', parameter: 'date' });
    const size = { ...toProblem({ kind: 'invalid', parameter: 'size' }), value: 'xl' };
    const first = { evaluations: [['s:t', 'cannot_run']], missing: [date], invalid: [] } as const;
    const other = { ...date, toolId: 's:u' };
    const second = { evaluations: [], missing: [other, { ...date }], invalid: [size] };
    expect(joinInsights([first, second])).toEqual({
      evaluations: [['s:t', 'cannot_run']],
      missing: [date, other],
      invalid: [size],
    });
  });
});

describe('an agent whose tool lacks several things', () => {
  const book = tool({
    name: 'book',
    consequential: true,
    parameters: z.object({
      to: z.string().meta({ precedence: 2 }),
      day: z.string().meta({ precedence: 1, displayName: 'date' }),
      name: z.string(),
    }),
    handler: () => 'booked',
  });

  it('is told of what comes first only when it answers', async () => {
    const lacks = ['to', 'day', 'name'].map((parameter) => ({ parameter, status: 'missing' }));
    const call = { isApplicable: true, arguments: lacks, alreadyStaged: false };
    await using program = await startWritten(
      (server) => {
        const agent = server.createAgent({ name: 'Trains' });
        agent.createGuideline({ condition: 'wants to travel', action: 'Book it', tools: [book] });
      },
      { script: { tools_full: [{ name: 'local:book', subtleties: '', calls: [call] }] } },
    );
    await program.turn(await program.session(), 'I want to travel');
    const drafts = program.nlp.asked.flatMap((asked) => (asked.question === 'canned_draft' ? asked : []));
    expect(drafts.map(({ input }) => input.missing.map(({ parameter }) => parameter))).toEqual([['date']]);
  });
});

/** In the vectors a parameter without a number has the largest there is; null is none at all. */
function toProblem({ parameter, precedence = Number.MAX_SAFE_INTEGER }: Item): ParameterProblem {
  return {
    toolId: 's:t',
    parameter,
    description: null,
    significance: null,
    examples: [],
    choices: [],
    precedence,
  };
}
