/** Which of some texts says what is to be said: by the draft, by the guidelines, and by what customers say that it answers. */
import type {
  FollowUpInput,
  RecompositionInput,
  SelectionInput,
  ShownTemplate,
} from '../../questions/messages.ts';
import type { AnswerOf } from '../../questions/questions.ts';
import type { Json } from '../../../event-log/event.ts';
import { rarityAmong, similarity, termsOf } from '../../lexical/similarity.ts';
import { toScene } from '../conditions/scene.ts';
import { coverageOf, tellingWords } from '../journeys/coverage.ts';
import { toSentences } from '../reading/message.ts';
import { isAdmission } from './admissions.ts';

const high = 0.55;
const partial = 0.35;
/** How much of each sentence of the draft a text must speak of to stand for all of it. */
const said = 0.3;

export function answerSelection(input: SelectionInput): AnswerOf<'selection'> {
  const [best] = rate(input.templates, input);
  if (best === undefined || best.score < partial)
    return { reason: 'None of the texts says it.', templateId: best?.template.id ?? null, quality: 'low' };
  // What nobody has told the agent in any other way, a text that was written for it tells.
  const isSaid = (sentence: string) => best.template.isForThis && isAdmission(sentence);
  const isWhole = toSentences(input.draft)
    .filter((sentence) => isTelling(sentence) && !isSaid(sentence))
    .every((sentence) => coverageOf(sentence, best.template.text) >= said);
  return {
    reason: isWhole
      ? 'It has most in common with what is to be said.'
      : 'It says a part of what is to be said.',
    templateId: best.template.id,
    quality: best.score >= high && isWhole ? 'high' : 'partial',
  };
}

type Rated = { readonly template: ShownTemplate; readonly score: number };

/** Best first; of equals the one given first. */
function rate(
  templates: readonly ShownTemplate[],
  { draft, situation, guidelines }: Pick<SelectionInput, 'draft' | 'situation' | 'guidelines'>,
): readonly Rated[] {
  const { latest } = toScene(situation);
  const actions = guidelines.map(({ action }) => action ?? '').join('\n');
  const [ofDraft, ofActions, ofLatest] = [termsOf(draft), termsOf(actions), termsOf(latest?.text ?? '')];
  const rarity = rarityAmong(templates.map(({ text }) => termsOf(text)));
  const values = situation.staged.flatMap(({ data }) => valuesIn(data));
  return templates
    .map((template) => {
      const text = termsOf(template.text);
      const signals = (template.signals ?? [])
        .map(termsOf)
        .map((signal) =>
          Math.max(similarity(signal, ofDraft, rarity), similarity(signal, ofLatest, rarity) * 0.7),
        );
      const byDraft = similarity(text, ofDraft, rarity);
      const byActions = similarity(text, ofActions, rarity) * 0.9;
      const byData = values.some((value) => template.text.toLowerCase().includes(value)) ? ofData : 0;
      const byPlace = template.isForThis && isAdmission(draft) ? ofPlace : 0;
      const byLatest = similarity(text, ofLatest, rarity) * 0.8;
      return {
        template,
        score:
          Math.max(byDraft, byActions, byLatest, byData, byPlace, ...signals) +
          byDraft * 0.05 -
          otherForm(template, draft),
      };
    })
    .sort((a, b) => b.score - a.score);
}

/** Everyday words alone need not be in a text that says the same. */
function isTelling(sentence: string): boolean {
  return tellingWords(sentence).some(({ kind }) => kind === 'content');
}

/** A text that has what a tool has brought was written for it. */
const ofData = 0.6;

/** Texts and numbers of some length: short ones stand in every text. */
function valuesIn(data: Json): readonly string[] {
  if (typeof data === 'string' || typeof data === 'number') {
    const text = String(data).toLowerCase();
    return text.length >= 3 && text.length <= 200 ? [text] : [];
  }
  if (typeof data !== 'object' || data === null) return [];
  return Object.values(data as Readonly<Record<string, Json>>).flatMap(valuesIn); // lists too
}

/** A text that was written for what applies, where nothing else is known of it. */
const ofPlace = 0.56;

/** Asks where nothing is to be asked, or tells, by the way, where something is to be asked. */
function otherForm({ text, isForThis }: ShownTemplate, draft: string): number {
  const [asks, isToAsk] = [asking.test(text), draft.includes('?')];
  if (text.includes('?') && !isToAsk) return 0.15;
  const isOnlyQuestion = isToAsk && toSentences(draft).every((sentence) => sentence.endsWith('?'));
  return isOnlyQuestion && !asks && !isForThis ? 0.3 : 0;
}

const asking = /\?|\b(?:please|could you|can you|may I|let me know|tell me|I need|we need)\b/i;

/** The texts that say something of the draft, one after the other; the draft where none does. */
export function answerRecomposition({ draft, templates }: RecompositionInput): AnswerOf<'recomposition'> {
  const ofDraft = termsOf(draft);
  const said: string[] = [];
  const fitting = templates
    .map((template) => ({ text: template.text.trim(), score: similarity(termsOf(template.text), ofDraft) }))
    .filter(({ score }) => score >= partial)
    .sort((a, b) => b.score - a.score);
  for (const { text } of fitting) if (coverageOf(text, said.join('\n') || '-') < 0.8) said.push(text);
  return { text: said.length > 0 ? said.join('\n\n') : draft };
}

/** What the draft says and the text that was sent does not; another text is needed where one says just that. */
export function answerFollowUp(input: FollowUpInput): AnswerOf<'follow_up'> {
  const rest = toSentences(input.draft).filter((sentence) => coverageOf(sentence, input.sent) < 0.5);
  const remaining = rest.join(' ');
  const others = input.templates.filter(({ text }) => coverageOf(text, input.sent) < 0.8);
  const ofRest = termsOf(remaining);
  const best = others
    .map((template) => ({ template, score: similarity(termsOf(template.text), ofRest) }))
    .reduce<Rated | undefined>((best, each) => (best && best.score >= each.score ? best : each), undefined);
  const isRequired = rest.length > 0 && best !== undefined && best.score >= high;
  return {
    remainingDraft: isRequired ? remaining : null,
    reason: isRequired ? 'A part of the draft was not said yet.' : 'Everything was said.',
    isRequired,
    templateNumber: isRequired ? best.template.id : null,
  };
}
