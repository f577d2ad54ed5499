/** An action cut into clauses, each with a verb of its own that says what to do. */
import { toSentences } from '../reading/message.ts';

const verbs = String.raw`ask|tell|inform|explain|mention|notify|remind|assure|reassure|advise|state|say|reply|respond|list|show|present|give|provide|display|read|share|describe|send|summari[sz]e|offer|suggest|recommend|propose|confirm|verify|greet|welcome|thank|apologi[sz]e|wish|help|assist|guide|direct|refer|encourage|invite|let|find out|determine|collect|gather|request|do not|don't|never|avoid|be|use|make sure|ensure|check|book|schedule|create|update|cancel|look up|search|retrieve|fetch|transfer|escalate|empathi[sz]e|sympathi[sz]e|express|congratulate|instruct|get|keep|answer|repeat|call|end|look|raise|hand|take|sum up|open|block|order|name`;
const manner = String.raw`(?:(?:\p{L}+ly|always|please|then|first|next|also|finally|if possible)[,]? +)*`;
const boundary = new RegExp(
  String.raw`\s*(?:,\s*)?(?:;|\band then\b|,\s*then\b|\bthen\b(?= (?:${verbs})\b)|\band\b|\bbut\b|\s[-–—]\s)\s*(?=${manner}(?:${verbs})\b)|,\s+(?=${manner}(?:${verbs})\b)`,
  'iu',
);
/** "…, providing the number": said as well. */
const adding =
  /,?\s+(?:while |by )?(?:providing|giving|including|mentioning|sharing|listing|showing)(?: (?:them|him|her))?(?: with)?\s+(.+)$/i;

/** Without the manner in front of the verb. What stands in quotes is not cut. */
export function splitAction(text: string): readonly string[] {
  return sentencesOf(text.replaceAll('’', "'").trim()).flatMap((sentence) => {
    if (/["“«]/.test(sentence)) return [bare(sentence)];
    return sentence.split(boundary).flatMap((clause) => withAdded(bare(clause)));
  });
}

/** Quotes may hold several sentences. */
function sentencesOf(text: string): readonly string[] {
  return /["“«]/.test(text) ? [text] : toSentences(text);
}

function bare(clause: string): string {
  return clause
    .trim()
    .replace(new RegExp(`^${manner}`, 'iu'), '')
    .replace(/^(?:you (?:should|must|can|need to)|the agent should|and|but) /i, '')
    .replace(/[.;,]+$/, '');
}

function withAdded(clause: string): readonly string[] {
  if (clause === '') return [];
  const added = adding.exec(clause);
  if (!added?.[1] || added.index === 0) return [clause];
  return [clause.slice(0, added.index), `provide ${added[1]}`];
}
