/**
 * What a question wants to know about its topic. The same table is applied to questions and to headings: "How is it treated?"
 * leads to the section "Treatment", because both mean `treatment`. Phrases are matched on stems.
 */
import { stemEnglish } from '../../nlp/lexical/stem-english.ts';
import { wordsOf } from './english.ts';

export type Intent = keyof typeof phrasesOfIntent;

/** Where an intent was found: words `from` up to, not including, `to`. */
export type IntentMatch = { readonly intent: Intent; readonly from: number; readonly to: number };

/** The first phrase names the intent, as a title would. */
const phrasesOfIntent = {
  symptoms: phrases(`
    symptom, symptoms, signs, warning signs, complaints, what you may notice, how does it feel, how do you feel, how
    would i notice, how do i notice, feel like`),
  causes: phrases(`
    cause, causes, caused by, risk factors, risk factor, where does it come from, what leads to, how it develops,
    how does it develop, why do people get, why does it happen, reason for, reasons for, origin`),
  diagnosis: phrases(`
    diagnosis, diagnosed, diagnose, how do doctors know, how is it found, how do they find out, find out if,
    detected, detect, confirmed, recognised, screening, the test, which tests, what tests, tested for, how it is
    measured, how is it measured, measuring, measured, measure`),
  treatment: phrases(`
    treatment, treatments, treated, treat, therapy, cure, cured, curable, which medicines, what medicines, what
    helps against, what can be done, what can i do about, what can you do about, what to do about, get rid of`),
  diet: phrases('diet, eat, eating, food, foods, drink, drinks, drinking, nutrition, meals'),
  outlook: phrases(`
    outlook, prognosis, life expectancy, survive, survival, how bad is, get worse, gets worse, getting worse,
    progression, dangerous, chances, future, die, die from, die of, long term, how long will i live, how long do
    people live, how long does it last, how serious`),
  prevention: phrases('prevention, prevent, prevented, avoid getting, protect myself'),
  sideEffects: phrases(`
    side effects, side effect, adverse effects, complications, does it hurt, hurt, painful, pain`),
  eligibility: phrases(`
    eligible, who is eligible, eligibility, qualify, entitled, entitlement, who can get, who gets, who can use, who
    can have, who can join, can i get, am i allowed, do i have a right, requirements, conditions, who is it for, who
    is suitable, suitable, candidate`),
  application: phrases(`
    apply, how to apply, applying, application, how to claim, claim, how to join, join, how to start, how to book,
    book, how to appeal, register, sign up, request, where do i go, which form, what form, how do i get, how can i
    get, how do i start, how do i order`),
  documents: phrases(`
    documents, what papers, which papers, document, papers do i need, paperwork, proofs, proof, what do i have to
    bring, what should i bring, what must i bring, what to bring, bring`),
  cost: phrases(`
    cost, costs, how much, how much money, price, prices, pay for it, fee, fees, charge, charges, expensive, for
    free, is it free, how much you pay, what do i pay, have to pay, who pays, allowance, pay during`),
  duration: phrases(`
    how long, how long it takes, how long it lasts, how many weeks, how many months, how many days, how quickly, how
    soon, how fast, duration, when will, waiting time, deadline, time limit, last`),
  offer: phrases(`
    what is offered, what is provided, what is covered, covered, included, what do i get, what will i get, what do
    you offer, benefits, what does it include, services, what is paid, what do they do, what do they offer`),
  quantity: phrases('sample size, number of'),
  living: phrases('living with, daily life, everyday life, travel, holidays, holiday, vacation'),
};

function phrases(text: string): readonly string[] {
  return text.split(',').map((phrase) => phrase.trim());
}

/** The stem of the word that names an intent, as a title would. */
export function nameOfIntent(intent: Intent): string {
  return stemEnglish(wordsOf(phrasesOfIntent[intent][0]!).at(-1)!);
}

/** By first stem, longest phrase first. */
const byFirstStem = new Map<string, { intent: Intent; stems: readonly string[] }[]>();
for (const [intent, phrases] of Object.entries(phrasesOfIntent)) {
  for (const phrase of phrases) {
    const stems = wordsOf(phrase).map(stemEnglish);
    const others = byFirstStem.get(stems[0]!) ?? [];
    byFirstStem.set(
      stems[0]!,
      [...others, { intent: intent as Intent, stems }].sort((a, b) => b.stems.length - a.stems.length),
    );
  }
}

/** The intents in a sequence of stems (stop words included), leftmost and longest first, without overlap. */
export function intentsIn(stems: readonly string[]): readonly IntentMatch[] {
  const matches: IntentMatch[] = [];
  for (let at = 0; at < stems.length; at += 1) {
    const found = byFirstStem
      .get(stems[at]!)
      ?.find((candidate) => candidate.stems.every((stem, index) => stems[at + index] === stem));
    if (!found) continue;
    matches.push({ intent: found.intent, from: at, to: at + found.stems.length });
    at += found.stems.length - 1;
  }
  return matches;
}
