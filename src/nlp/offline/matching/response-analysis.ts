/** Whether what was said does what a guideline asks for: it speaks of the same things, or says its words. */
import type { ResponseAnalysisInput } from '../../questions/matching.ts';
import type { AskedGuideline } from '../../questions/situation.ts';
import type { AnswerOf } from '../../questions/questions.ts';
import { readAction } from '../actions/read-action.ts';
import type { ActionPart } from '../actions/action.ts';
import { coverageOf } from '../journeys/coverage.ts';

/** Words of an action seldom all come up in what is said of it. */
const enough = 0.4;

export function answerResponseAnalysis({
  situation,
  guidelines,
  said,
}: ResponseAnalysisInput): AnswerOf<'response_analysis'> {
  const text = said.join('\n');
  const hasActed = situation.staged.length > 0;
  return {
    checks: guidelines.map((guideline) => {
      const missing = partsOf(guideline).filter((part) => !isDone(part, text, hasActed));
      const isApplied = missing.length === 0;
      return {
        n: guideline.n,
        degree: isApplied ? 'fully' : 'partly',
        missingPart: isApplied ? null : ('functional' as const),
        applied: isApplied,
      };
    }),
  };
}

/** Only the agent's part counts. */
function partsOf({ action, agentPart }: AskedGuideline): readonly ActionPart[] {
  return readAction(agentPart ?? action ?? '').parts;
}

function isDone(part: ActionPart, said: string, hasActed: boolean): boolean {
  switch (part.kind) {
    case 'manner':
    case 'refrain':
      return true;
    case 'ask':
    case 'confirm':
    case 'offer':
      return said.includes('?') && coverageOf(part.text, said) >= enough / 2;
    case 'courtesy':
      return isCourteous(part.courtesy, said);
    case 'do':
      return hasActed;
    case 'verbatim':
      return coverageOf(part.text, said) >= 0.8;
    default:
      return coverageOf(part.text, said) >= enough;
  }
}

type Courtesy = Extract<ActionPart, { kind: 'courtesy' }>['courtesy'];

const courteous: Readonly<Record<Courtesy, RegExp>> = {
  greet: /\b(?:hi|hello|hey|welcome|greetings|good (?:morning|afternoon|evening|day))\b/i,
  thank: /\b(?:thank|thanks|appreciate)/i,
  apologise: /\b(?:sorry|apolog)/i,
  farewell: /\b(?:bye|goodbye|farewell|see you|all the best|take care)\b/i,
  sympathise: /\b(?:sorry|understand|unfortunate)/i,
  congratulate: /\bcongrat/i,
  wish: /\bwish|\bhave an? /i,
};

function isCourteous(courtesy: Courtesy, said: string): boolean {
  return courteous[courtesy].test(said);
}
