/** A model that answers at once: what is left of a turn is the engine. Some guidelines apply, tools are called, journeys go on. */
import type { NlpService } from '../../src/nlp/nlp.ts';
import type { BatchInput } from '../../src/nlp/questions/matching.ts';
import type { AnswerOf, QuestionInputs, QuestionName } from '../../src/nlp/questions/questions.ts';
import type { ToolInput } from '../../src/nlp/questions/tools.ts';

type Answers = {
  readonly [Name in QuestionName]?: (input: QuestionInputs[Name]) => AnswerOf<Name>;
};

/** One of them, and which one depends on the conversation. */
const oneApplies = ({ situation, guidelines }: BatchInput) => ({
  checks: guidelines.map(({ n }, at) => ({
    n,
    rationale: 'It was said.',
    applies: at === situation.interaction.length % 7,
  })),
});

const callOnce = ({ situation }: ToolInput) => situation.staged.length === 0;

const answers: Answers = {
  observational: oneApplies,
  actionable: oneApplies,
  previously_applied: ({ guidelines }) => ({
    checks: guidelines.map(({ n }) => ({ n, conditionMetAgain: false, shouldReapply: false })),
  }),
  response_analysis: ({ guidelines }) => ({ checks: guidelines.map(({ n }) => ({ n, applied: false })) }),
  next_step: ({ transitions }) => ({
    continues: true,
    currentCompleted: true,
    choice: transitions[0]?.n ?? 'None',
  }),
  backtrack_check: () => ({ requiresBacktracking: false }),
  tools_simple: (input) => ({ calls: callOnce(input) ? [{ args: { number: 4_711 } }] : [] }),
  tools_full: (input) => ({
    calls: callOnce(input)
      ? [
          {
            isApplicable: true,
            alreadyStaged: false,
            arguments: [{ parameter: 'number', status: 'valid', value: '4711' }],
          },
        ]
      : [],
  }),
  canned_draft: () => ({ body: 'It is on its way, and will be there in two days.' }),
  selection: () => ({ templateId: null, quality: 'low' }),
};

const usage = { inputTokens: 0, outputTokens: 0 };

export function createInstantNlp(): NlpService {
  return {
    name: 'instant',
    async ask(question, input) {
      const answer = answers[question]?.(input);
      if (answer === undefined) throw new Error(`The instant model has no answer to ${question}.`);
      return { answer, info: { question, model: 'instant', durationMs: 0, usage } };
    },
    rank: async (_query, candidates) => candidates.map(({ id }) => ({ id, score: 1 })),
    close: async () => {},
  };
}
