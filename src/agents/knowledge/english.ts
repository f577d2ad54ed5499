/**
 * How text becomes terms. Documents and questions go through the same functions, else they would not meet. The word lists here
 * are about English at large; what belongs to one subject stands in the front matter of its documents.
 */
import { remember } from '../../nlp/lexical/remember.ts';
import { stemEnglish } from '../../nlp/lexical/stem-english.ts';

/** Lower-case words without accents, in British or American spelling alike: "Anaemia's" is "anemia", "three" is "3". */
export function wordsOf(text: string): readonly string[] {
  const plain = text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/['’](?:s|re|ve|ll|d|m|t)?(?![\p{L}\p{N}])/gu, '');
  return (plain.match(/[\p{L}\p{N}]+/gu) ?? []).map((word) => oneSpelling(word));
}

/** The terms of a text in order: stems of its informative words. */
export function termsOf(text: string): readonly string[] {
  return wordsOf(text)
    .filter((word) => !isStopWord(word))
    .map(stemEnglish);
}

/** A word that tells nothing of what a text is about. */
export function isStopWord(word: string): boolean {
  return stopWords.has(word) || (word.length === 1 && /[a-z]/.test(word));
}

/** A verb or adjective anybody uses about anything: missing from a document it says little against it. */
export function isPlainWord(stem: string): boolean {
  return plainStems.has(stem) || /^[a-z]{4,}li$/.test(stem); // "slowly" is "slowli"
}

const oneSpelling = remember((word) => {
  const regular = numerals.get(word) ?? irregularForms.get(word);
  if (regular) return regular;
  if (word.length < 5 || !/^[a-z]+$/.test(word)) return word;
  return word
    .replace('ae', 'e')
    .replace('oe', 'e')
    .replace(/programmes?$/, 'program')
    .replace(/([a-z]{2})our(s|ed|ing)?$/, '$1or$2')
    .replace(/is(ation|ations|e|es|ed|ing)$/, 'iz$1')
    .replace(/ys(e|es|ed|ing)$/, 'yz$1');
});

const numerals = new Map([
  ['two', '2'],
  ['three', '3'],
  ['third', '3'],
  ['four', '4'],
  ['fourth', '4'],
  ['five', '5'],
  ['fifth', '5'],
  ['six', '6'],
  ['seven', '7'],
  ['eight', '8'],
  ['nine', '9'],
  ['ten', '10'],
]);

/** Forms that share no stem with their word. */
const irregularForms = new Map([
  ['paid', 'pay'],
  ['ate', 'eat'],
  ['eaten', 'eat'],
  ['drank', 'drink'],
  ['died', 'die'],
  ['dying', 'die'],
  ['children', 'child'],
  ['feet', 'foot'],
  ['teeth', 'tooth'],
  ['lost', 'lose'],
  ['swollen', 'swell'],
  ['chosen', 'choose'],
  ['driven', 'drive'],
  ['women', 'woman'],
  ['men', 'man'],
  ['lives', 'life'],
]);

function list(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}

const stopWords: ReadonlySet<string> = new Set(
  list(`
    a about above across actually advise after again against all along already also always am among an and another any anybody anyone anything
    anyway are aren arent around as ask asking at aware basically be became because been before behind being below between beyond both but
    by can cannot cant clear clearly com could couldn couldnt describe detail details did despite didn didnt difference do does
    doesn doesnt doing don done dont during each either else ever every everybody everyone everything exactly example
    explain explanation few find for from further get gets getting give given gives go goes going gonna good got great guess
    had hadn happen happens has hasn hasnt have haven havent having he hear heard hello help helps her here hers herself hey
    hi him himself his hope how however hows i id idea if im in indeed info information instead interested interesting into
    involve involved is isn isnt it its itself ive just kind know learn least less let lets like look looking lot lots make
    makes making may maybe me mean means meant mention mentioned might mine more most much must my myself neither never no
    nobody none nor not nothing now of ok okay on once one ones only or other others our ours ourselves over overview own
    per perhaps please possible possibly question questions quite rather really regarding same say says see seem seems shall
    she should shouldn show since so some somebody someone something sorry sort speak still stuff such suppose sure take
    takes taking talk talking tell than thank thanks that thats the their theirs them themselves then there theres these
    they thing things think this those though thought through thus to together too topic toward towards try trying under
    understand until upon us use used uses using usual usually very want wanted wants was wasn wasnt way ways we well were
    weren what whatever whats when where wheres whether which while who whom whos whose why will wish with within without
    won wonder wondering wont would wouldn yes yet you your yours yourself
  `).map((word) => oneSpelling(word)),
);

const plainStems: ReadonlySet<string> = new Set(
  list(`
    able told asked said little lot diagnosed actual affect afford afraid afternoon ago allow allowed almost alone amount angry anxious appear approximately
    arrange aunt available avoid back bad badly beautiful become begin believe best better big bit boy break bring bringing
    brother build call called calls came carry case change child children choose come comes coming common concern concerned
    condition confused consider continue correct curious dad daily dangerous daughter day days decide different difficult
    disorder doctor doctors doing done down drive easily easy effective end enough especially evening ever expect expensive
    explain extremely fact family famous fast father fear feel feeling feels felt fine finish first fit follow forever free
    friend frightened girl grandfather grandmother granny grow half handle happy hard harmful hate heavy high hold honestly
    hope hour hurt husband ill illness immediately important include instead interesting keen keep kid kids large last late
    lately later lead leave left life live living long longer look lose love lovely low main man manage many matter meet men
    middle mine minute mom month months morning mother mr mrs mum name nearly necessary need needed needs neighbour new next
    nice night normal normally notice number obtain off offer often old older open option out parent parents partner patient
    patients pay people physician pick place plan point possible prepare probably problem problems proper properly provide
    pull push put quick quickly rarely reach read ready real reason receive recently recommend recommended remain remember
    require right run sad safe save scared scary seem send serious seriously severe share should sick side simple simply
    sister sit small somehow sometimes son soon sound special spend stand start started stay stop strange strong
    sudden suddenly suffer suggest suitable suppose surely syndrome terrible tired today tomorrow tonight totally true turn
    typical unable uncle unfortunately unwell up useful various visit wait wake walk watch weak wear week weekly weeks whole
    wife wish woman women work working worried worry worse worst worth wrong year years yesterday young younger
  `).map((word) => stemEnglish(oneSpelling(word))),
);
