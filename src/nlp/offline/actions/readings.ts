/** Clauses of actions by their verbs: what is to be said, shown, asked, confirmed. */
import type { ActionPart } from './action.ts';
import { form, show, wh, who, whoFirst, type Reading } from './clause-form.ts';
import { courtesyReadings } from './courtesy-readings.ts';
import { requestReadings } from './request-readings.ts';

const quoted = String.raw`["“«']([^"”»]+?)["”»']?\s*$`;
const telling =
  'tell|inform|explain(?: to)?|mention(?: to)?|notify|remind|assure|reassure|advise|state|announce|emphasi[sz]e|stress|note|warn|point out(?: to)?|clarify(?: to)?|acknowledge|let|update|respond|reply|answer|say';
const asking =
  'ask|inquire|enquire|determine|find out|figure out|get|collect|gather|obtain|request|identify|learn|clarify|establish|prompt(?: for)?|elicit|check|verify|understand|have them (?:tell|give)|query';
const showing =
  'list|tell|show|present|give|provide|display|read(?: out)?|share|name|enumerate|describe|send|return|report|summari[sz]e|sum up|repeat|outline|recite|quote|explain|introduce|detail|state|discuss|talk about|mention|answer';

/** The first that fits. */
export const readings: readonly Reading[] = [
  [
    form(String.raw`(?:do not|don't|never|avoid|refrain|without|not)\b.*`),
    ([text]) => [{ kind: 'refrain', text }],
  ],
  [
    form(
      String.raw`(?:say|reply|respond|answer|write|tell ${who}|greet(?: ${who})?|welcome(?: ${who})?|ask(?: ${who})?|use (?:the|these) (?:phrase|words?))(?: to ${who})?(?: with| that| by saying| saying| the following)*[:,]?\s*${quoted}`,
    ),
    ([, text = '']) => [{ kind: 'verbatim', text }],
  ],
  [
    form(String.raw`(?:say|reply|respond|answer)(?: with)?:\s*(.+)`),
    ([, text = '']) => [{ kind: 'verbatim', text }],
  ],
  ...courtesyReadings,
  ...requestReadings,
  [
    form(
      String.raw`confirm(?: with ${who}| to ${who})?(?: that|:)? (.+\b(?:has|have|had) (?:been )?\p{L}+.*|.+\b(?:is|are|was|were|will be) (?:now |all )?(?:booked|set|done|made|ready|on (?:its|the) way|confirmed|complete|completed|\p{L}+ed)\b.*)`,
    ),
    ([, text = '']) => [{ kind: 'tell', text }],
  ],
  [
    form(String.raw`(?:confirm|verify|double[- ]check|review|go over)(?: with ${who})? (${wh} .+)`),
    ([, text = '']) => [{ kind: 'ask', text }],
  ],
  [
    form(String.raw`(?:confirm|verify|double[- ]check|review|go over)(?: with ${who})? (?:that )?(.+)`),
    ([, text = '']) => [{ kind: 'confirm', text }],
  ],
  [
    form(String.raw`(?:${asking})(?: with)?(?: ${who})? (?:about |for )?(${wh} .+)`),
    ([, text = '']) => [{ kind: 'ask', text }],
  ],
  [
    form(String.raw`(?:ask|inquire|enquire|prompt|query)${whoFirst}(?: for| about| regarding)? (.+)`),
    ([, text = '']) => [{ kind: 'ask', text }],
  ],
  [
    form(
      String.raw`(?:determine|find out|figure out|get|collect|gather|obtain|request|identify|learn|clarify|establish|elicit) (?!back\b|started\b)(.+)`,
    ),
    ([, text = '']) => [{ kind: 'ask', text }],
  ],
  [
    form(
      String.raw`(?:explain|describe|clarify|present|give) (.+?)(?: to ${who})?\s*(?:[-–—:,]\s*)?\bthat (?:they|it) (.+)`,
    ),
    ([, what = '', said = '']) => [{ kind: 'tell', text: `${what} ${said}` }],
  ],
  [form(String.raw`let ${who} know (?:about|of) (.+)`), ([, text = '']) => [show(text)]],
  [form(String.raw`let ${who} know (?:that )?(.+)`), ([, text = '']) => [{ kind: 'tell', text }]],
  [form(String.raw`(?:${telling})(?: ${who})? (?:about|of|on) (.+)`), ([, text = '']) => [show(text)]],
  [form(String.raw`(?:${telling})(?: ${who})? (${wh} .+)`), ([, text = '']) => [show(text)]],
  [form(String.raw`(?:${telling})(?: to)?(?: ${who})? that (.+)`), ([, text = '']) => tellAndRequest(text)],
  [form(String.raw`introduce yourself(?: to ${who})? as (.+)`), ([, text = '']) => [tell(`I am ${text}`)]],
  [form(String.raw`introduce yourself\b.*`), ([text]) => [{ kind: 'manner', text }]],
  [form(String.raw`(?:refuse|decline) to (.+)`), ([, text = '']) => [tell(`I cannot ${text}`)]],
  [
    form(String.raw`say(?: to ${who})? (?!(?:so|no more|nothing|something|anything|less|more)\b)(.+)`),
    ([, text = '']) => [sayOrShow(text)],
  ],
  [
    form(String.raw`(?:tell${whoFirst}|(?:inform|notify|assure|remind|advise) ${who}) (.+)`),
    ([, text = '']) => [tellOrShow(text)],
  ],
  [
    form(
      String.raw`(?:respond|reply|speak|talk|write|answer) (?:in|with(?! (?:the|your|our|their|an?) )|using|briefly|politely|kindly|to)\b(.*)`,
    ),
    ([text]) => [{ kind: 'manner', text }],
  ],
  [
    form(String.raw`(?:respond|reply|answer) with (?=the |your |our |their |an? )(.+)`),
    ([, text = '']) => [show(text)],
  ],
  [form(String.raw`(?:name|mention)${whoFirst} ((?!that\b).+)`), ([, text = '']) => [show(text, true)]],
  [
    form(String.raw`(?:${showing})(?: to)?${whoFirst}(?: with| of| about)? (.+)`),
    ([, text = '']) => [tellOrShow(text)],
  ],
  [
    form(String.raw`(?:help|assist|support|guide|walk)(?: ${who})?(?: to)? ((?:with |through |in )?.+)`),
    ([, text = '']) => [{ kind: 'help', text }],
  ],
  [
    form(
      String.raw`(?:be|stay|remain|keep|maintain|ensure|make sure|always|treat|act|adopt|address|focus|prioriti[sz]e|use (?:a|an|formal|informal|simple|plain|the customer)|sound|try|consider|remember|follow|prefer|include|wait|listen|pay attention)\b.*`,
    ),
    ([text]) => [{ kind: 'manner', text }],
  ],
  [
    form(String.raw`(?:the|a|an|we|our|there|they|their|it|this|that|your|you|no|all|yes|i)\b.+`),
    ([text]) => [{ kind: 'tell', text }],
  ],
];

/** "… that it is closed, and to try again later". */
function tellAndRequest(text: string): readonly ActionPart[] {
  const [told = '', request] = text.split(/,? and to (?=\p{L})/iu);
  const tell = { kind: 'tell', text: told } as const;
  return request === undefined ? [tell] : [tell, { kind: 'request', text: request, isReminder: false }];
}

function tell(text: string): ActionPart {
  return { kind: 'tell', text };
}

/** "Say it was a pleasure", and not "say the price". */
function sayOrShow(text: string): ActionPart {
  return /^(?:the|their|our|your|his|her|all)\b/i.test(text) ? tellOrShow(text) : tell(text);
}

/** A whole sentence is told; of a thing the words must be found. */
function tellOrShow(text: string): ActionPart {
  const isSentence =
    /^(?:that )?(?:you|we|they|it|there|i|the \p{L}+(?: \p{L}+)?|our \p{L}+|their \p{L}+|your \p{L}+|this \p{L}+|all|no|every\p{L}*) (?:\p{L}+ly )?(?:is|are|was|were|has|have|had|can|cannot|can't|could|will|won't|would|should|must|may|do|does|don't|doesn't|did|need|needs|offer|accept|open|close)\b/iu;
  return isSentence.test(text) ? { kind: 'tell', text: text.replace(/^that /i, '') } : show(text);
}
