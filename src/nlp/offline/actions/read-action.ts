/** Actions read: each clause by its verb. The same text is read once. */
import { rememberTexts } from '../../lexical/remember-texts.ts';
import type { Action, ActionPart } from './action.ts';
import { splitAction } from './split-action.ts';

export const readAction = rememberTexts((text: string): Action => {
  const parts = splitAction(text).flatMap(readPart);
  return { parts, customer: customerIn(text) };
});

/** Whether the customer has something to do before it is done. */
export function dependsOnCustomer(text: string): boolean {
  return readAction(text).parts.some(({ kind }) => kind === 'ask' || kind === 'confirm' || kind === 'offer');
}

const who = String.raw`(?:(?:the|a|an|your|our|each|every) (?:customer|user|client|\p{L}+)|them|him|her|customers?|users?|people|everyone)`;
/** Only where something else follows: "provide the phone number" names nobody. */
const whoFirst = String.raw`(?: ${who}(?= (?:the|an?|all|some|any|their|his|her|your|our|with|of|about|for|regarding|what|which|when|where|how|why)\b))?`;
const wh = '(?:what|which|when|where|why|how|who|whom|whose|whether|if)';
const quoted = String.raw`["“«']([^"”»]+?)["”»']?\s*$`;
const telling =
  'tell|inform|explain(?: to)?|mention(?: to)?|notify|remind|assure|reassure|advise|state|announce|emphasi[sz]e|stress|note|warn|point out(?: to)?|clarify(?: to)?|acknowledge|let|update|respond|reply|answer|say';
const asking =
  'ask|inquire|enquire|determine|find out|figure out|get|collect|gather|obtain|request|identify|learn|clarify|establish|prompt(?: for)?|elicit|check|verify|understand|have them (?:tell|give)|query';
const showing =
  'list|tell|show|present|give|provide|display|read(?: out)?|share|name|enumerate|describe|send|return|report|summari[sz]e|sum up|repeat|outline|recite|quote|explain|introduce|detail|state|discuss|talk about|mention|answer';

function form(source: string): RegExp {
  return new RegExp(`^(?:${source})`, 'iu');
}

type Reading = readonly [RegExp, (match: RegExpExecArray) => readonly ActionPart[]];

const readings: readonly Reading[] = [
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
  [form(String.raw`(?:greet|welcome|say (?:hello|hi))\b(.*)`), ([, text = '']) => [courtesy('greet', text)]],
  [form(String.raw`thank\b(?: ${who})?(.*)`), ([, text = '']) => [courtesy('thank', text)]],
  [
    form(String.raw`(?:apologi[sz]e|say sorry|offer (?:an apology|apologies))(?: to ${who})?(.*)`),
    ([, text = '']) => [courtesy('apologise', text)],
  ],
  [
    form(String.raw`(?:say (?:good ?bye|bye)|bid .*farewell|end the (?:conversation|chat))(.*)`),
    ([, text = '']) => [courtesy('farewell', text)],
  ],
  [
    form(
      String.raw`(?:(?:express|show|offer) (?:\w+ )?(?:empathy|sympathy|understanding|condolences|concern)|(?:empathi[sz]e|sympathi[sz]e)|(?:be|remain) (?:empathetic|sympathetic|understanding)\b.*\bsorry)(.*)`,
    ),
    ([, text = '']) => [courtesy('sympathise', text)],
  ],
  [form(String.raw`congratulate\b(?: ${who})?(.*)`), ([, text = '']) => [courtesy('congratulate', text)]],
  [form(String.raw`wish ${who} (.+)`), ([, text = '']) => [courtesy('wish', text)]],
  [
    form(String.raw`offer (?:${who} )?to (.+)`),
    ([, text = '']) => [{ kind: 'offer', text: `to ${text}`, isSuggestion: false }],
  ],
  [
    form(String.raw`offer(?: to)?(?: ${who})? (.+)`),
    ([, text = '']) => [{ kind: 'offer', text, isSuggestion: false }],
  ],
  [
    form(
      String.raw`(?:suggest|recommend|propose)(?: to ${who})?(?: (?:that )?(?:they|he|she|${who}) (?:should |to )| that they )(.+)`,
    ),
    ([, text = '']) => [{ kind: 'request', text, isReminder: false }],
  ],
  [
    form(String.raw`(?:suggest|recommend|propose)(?: to ${who})? (.+)`),
    ([, text = '']) => [{ kind: 'offer', text, isSuggestion: true }],
  ],
  [
    form(String.raw`remind ${who} (?:that they (?:should|must|need to) |to )(.+)`),
    ([, text = '']) => [{ kind: 'request', text, isReminder: true }],
  ],
  [
    form(
      String.raw`(?:ask|tell|advise|instruct|encourage|urge|invite|direct|request|recommend|prompt|have|get) ${who} (?:to )(.+)`,
    ),
    ([, text = '']) => [requestOrAsk(text)],
  ],
  [
    form(
      String.raw`(?:direct|refer|point|send|transfer|forward|redirect|escalate|hand over|connect) ${who} to (.+)`,
    ),
    ([, text = '']) => [{ kind: 'request', text: `contact ${text}`, isReminder: false }],
  ],
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
  [
    form(String.raw`(?:tell|inform|notify|assure|remind|advise) ${who} (.+)`),
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

function show(text: string, isNamed = false): ActionPart {
  return { kind: 'show', text, isNamed };
}

function courtesy(courtesy: Extract<ActionPart, { kind: 'courtesy' }>['courtesy'], text: string): ActionPart {
  return { kind: 'courtesy', courtesy, text: text.trim() };
}

/** "… that it is closed, and to try again later". */
function tellAndRequest(text: string): readonly ActionPart[] {
  const [told = '', request] = text.split(/,? and to (?=\p{L})/iu);
  const tell = { kind: 'tell', text: told } as const;
  return request === undefined ? [tell] : [tell, { kind: 'request', text: request, isReminder: false }];
}

/** "Ask them to provide their name" asks for the name. */
function requestOrAsk(given: string): ActionPart {
  const text = given.replace(/(,? and) not to /i, '$1 do not ');
  const asked =
    /^(?:please )?(?:provide|give|share|tell|specify|enter|state|name|describe|explain|clarify|confirm)(?: (?:you|us|me))?(?: with)? (.+)$/i.exec(
      text,
    );
  return asked?.[1] ? { kind: 'ask', text: asked[1] } : { kind: 'request', text, isReminder: false };
}

/** A whole sentence is told; of a thing the words must be found. */
function tellOrShow(text: string): ActionPart {
  const isSentence =
    /^(?:that )?(?:you|we|they|it|there|i|the \p{L}+(?: \p{L}+)?|our \p{L}+|their \p{L}+|your \p{L}+|this \p{L}+|all|no|every\p{L}*) (?:\p{L}+ly )?(?:is|are|was|were|has|have|had|can|cannot|can't|could|will|won't|would|should|must|may|do|does|don't|doesn't|did|need|needs|offer|accept|open|close)\b/iu;
  return isSentence.test(text) ? { kind: 'tell', text: text.replace(/^that /i, '') } : show(text);
}

function readPart(clause: string): readonly ActionPart[] {
  for (const [form, read] of readings) {
    const match = form.exec(clause);
    if (match) return read(match);
  }
  return [{ kind: 'do', text: clause }];
}

const naming =
  /\b(?:tell|ask|inform|remind|advise|assure|greet|welcome|thank|help|guide|to|let|offer|direct|refer) the (\p{L}+)(?= (?:that|to|about|for|if|whether|what|which|when|where|how|know|with|-)|[.,]?$)/iu;

function customerIn(text: string): string | undefined {
  return naming.exec(text)?.[1]?.toLowerCase();
}
