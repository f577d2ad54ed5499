/**
 * Words of everyday English that mean nearly the same, whatever the subject: "book" and "reserve", "broken" and "not working". What
 * means the same in one trade only comes from the glossary of an agent. A sense is the position of its line.
 */
import { list } from './word-lists.ts';
import { stemOf, type Word } from './words.ts';

/** Phrases are joined by `_`. The first word of a line names the sense. */
const lines = [
  'reserve book schedule arrange reservation set_up',
  'register enrol enroll join subscribe sign_up registration enrolment subscription',
  'cancel cancellation call_off revoke terminate back_out',
  'change modify alter edit update adjust amend reschedule move postpone switch correct rearrange swap replace push_back put_off different_time another_time',
  'buy order',
  'start begin commence started launch',
  'end finish stop complete conclude',
  'speak talk chat call phone contact reach connect get_in_touch conversation',
  'person human agent representative operator employee staff manager supervisor someone real_person somebody',
  'view see check display look_up',
  'lose lost missing misplace mislay vanish disappear can_not_find could_not_find do_not_find',
  'damage break broken faulty defective not_working does_not_work do_not_work did_not_work will_not_work stopped_working out_of_order malfunction',
  'repair fix mend',
  'price cost expensive cheap pricing priced how_much costs tariff free do_i_pay do_we_pay i_have_to_pay',
  'open close opening closing closed opened hour',
  'time hour when date day what_time timing timetable',
  'place where location located address situated venue find_you directions whereabouts',
  'duration long how_long lasting',
  'number many quantity amount count how_many',
  'urgent urgently urgency immediately immediate asap right_away right_now straight_away as_soon_as_possible critical instantly at_once can_not_wait',
  'angry upset frustrated annoyed furious mad unhappy dissatisfied disappointed disappointing terrible awful horrible ridiculous unacceptable worst outrageous frustrating annoying fed_up disgusted',
  'happy glad satisfied pleased delighted wonderful excellent fantastic awesome amazing love',
  'confused unsure uncertain confusing do_not_understand not_clear unclear do_not_get_it',
  'worried worry anxious concerned nervous afraid scared concern',
  'problem issue trouble difficulty error wrong fault',
  'help assist support aid assistance',
  'deliver send ship dispatch delivery shipping shipment',
  'track status tracking progress where_is',
  'provide give share supply',
  'choose pick select opt choice selection',
  'confirm approve agree accept confirmation',
  'reject decline refuse deny',
  'recommend suggest advise propose recommendation suggestion advice',
  'available availability vacancy vacant free in_stock spare',
  'late delay delayed overdue running_late',
  'allow permit allowed permitted can_i may_i can_we may_we',
  'complain complaint grievance unhappy dissatisfied disappointed unacceptable outrageous ridiculous disgusted not_happy not_satisfied fed_up',
  'explain describe clarify explanation clarification meaning',
  'compare difference comparison versus',
  'return give_back bring_back send_back take_back hand_back',
  'renew extend prolong renewal extension',
  'size large small big larger smaller dimension',
  'pay paid paying',
  'forget remember forgot forgotten reminder',
  'stay remain staying',
  'rule policy policies rules regulation terms',
  'limit maximum limitation max at_most',
  'minimum least min at_least',
  'earlier sooner before_that',
  'later afterwards after_that',
  'require necessary requirement required must prerequisite',
  'apply application applying',
  'document paper form paperwork documents',
  'repeat again once_more',
];

/** The names of senses that are looked for by name. */
export type SenseName =
  | 'time'
  | 'place'
  | 'price'
  | 'duration'
  | 'number'
  | 'speak'
  | 'person'
  | 'view'
  | 'reserve'
  | 'buy'
  | 'register'
  | 'problem'
  | 'cancel'
  | 'change'
  | 'return'
  | 'lose'
  | 'damage'
  | 'repair'
  | 'track'
  | 'renew'
  | 'complaint'
  | 'compare'
  | 'rule';

const sensesOfStem = new Map<string, readonly number[]>();
const none: readonly number[] = [];
const phrases = new Map<string, { readonly texts: readonly string[]; readonly sense: number }[]>();

for (const [sense, line] of lines.entries()) {
  for (const entry of list(line)) {
    const texts = entry.split('_');
    if (texts.length === 1)
      sensesOfStem.set(stemOf(entry), [...(sensesOfStem.get(stemOf(entry)) ?? []), sense]);
    else phrases.set(texts[0]!, [...(phrases.get(texts[0]!) ?? []), { texts, sense }]);
  }
}

const names = new Map(lines.map((line, sense) => [list(line)[0]!, sense]));

/** The sense of that name. */
export function senseNamed(name: SenseName): number {
  return names.get(name) ?? -1;
}

/** Mostly one or none. */
export function sensesOf({ stem }: Pick<Word, 'stem'>): readonly number[] {
  return sensesOfStem.get(stem) ?? none;
}

export function hasSense(word: Pick<Word, 'stem'>, sense: number): boolean {
  return sensesOf(word).includes(sense);
}

/** Senses of phrases of several words, with the words they stand on: `from` up to, not including, `to`. */
export function sensesOfPhrases(
  words: readonly Word[],
): readonly { readonly sense: number; readonly from: number; readonly to: number }[] {
  return words.flatMap(({ text }, from) =>
    (phrases.get(text) ?? []).flatMap(({ texts, sense }) =>
      texts.every((each, at) => words[from + at]?.text === each)
        ? [{ sense, from, to: from + texts.length }]
        : [],
    ),
  );
}
