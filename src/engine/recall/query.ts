/** What is being talked about, as one text: what terms and capabilities are found by. */
import type { GuidelineMatch } from '../guideline.ts';
import { toAskedGuideline } from '../matching/asked-guideline.ts';
import type { TurnContext } from '../turn-context.ts';

/** What customer, agent and tools have said, as models see it. */
export function toEventQuery({ interaction }: TurnContext['situation']): string {
  return interaction.map(({ data }) => JSON.stringify(data)).join('\n');
}

/** With what is known, what applies, and what tools have brought in this turn. */
export function toTermQuery(
  situation: TurnContext['situation'],
  guidelines: readonly GuidelineMatch[],
): string {
  const { variables, staged } = situation;
  const texts = [
    ...variables.map(({ name, value }) => JSON.stringify({ [name]: value })),
    toEventQuery(situation),
    ...guidelines.map(tellGuideline),
    ...staged.map(({ data }) => JSON.stringify(data)),
  ];
  return texts.filter((text) => text !== '').join('\n');
}

function tellGuideline({ guideline }: GuidelineMatch): string {
  const { condition, action } = toAskedGuideline(guideline, '');
  return [condition && `when ${condition}`, action && `then ${action}`].filter(Boolean).join(' ');
}
