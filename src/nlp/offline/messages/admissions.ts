/** Sentences in which the agent says that it was told nothing: made here, so that they are known again in a draft. */
import { asSentence } from '../actions/second-person.ts';

/** Of something that was to be told. */
export function admitUntold(topic: string): string {
  const isQuestion = /^(?:what|which|when|where|why|how|who|whether|if)\b/i.test(topic);
  return asSentence(isQuestion ? `${cannot} ${topic}` : `${nothing} ${topic}`);
}

export function isAdmission(sentence: string): boolean {
  return sentence.startsWith(cannot) || sentence.startsWith(nothing);
}

const cannot = "I'm sorry, I cannot tell you";
const nothing = "I'm sorry, I have no information about";
