/**
 * Understanding without a model, and the prompts of those that have one, must serve any trade: what belongs to a trade comes with the
 * agent, or the conversations with the examples would prove nothing. So no word of theirs, in any form, may stand in `src/nlp/`: not in a
 * list, not in a name, not in a comment. Only what anybody says about anything is free to be used, and that is listed here by hand; the
 * lists of the provider itself must not decide it.
 */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createBank } from '../../docs/examples/bank-card.ts';
import { createPractice } from '../../docs/examples/healthcare.ts';
import { stemEnglish } from '../../src/nlp/lexical/stem-english.ts';
import type { DefinedServer } from '../../src/sdk/server.ts';
import { root } from '../packaging/program.ts';
import { bankCard } from '../systems/conversations/bank-card.ts';
import type { ToldConversation } from '../systems/conversations/conversation.ts';
import { healthcare } from '../systems/conversations/healthcare.ts';

/** Any form of a word stands for all. Whoever adds one says in which group, and that no trade has it for itself. */
const general = {
  'holds sentences together': `
    about after against ahead all along also and another any anybody anyone anything are back because been before behind being beside but can
    cannot cant could did didnt does don either else every everybody everywhere for from had has have here how instead its just like many
    may maybe mine more much never next nobody none not nothing now off often once one only other our out outside over per rather same second
    shall she should some somebody someone something still than that the their them then there these they this those through too under
    until very was wasn were what when where whether which who whom why will with won would yet you your yourself
    actually again course well`,
  'is said in any conversation': `
    answer ask asap best better bring brief bye bad call cheers chosen close come complain complaint conversation correct customer decide
    declined describe friendly get give goes going gone good goodbye got great hello help hey human join know last later latest left let look
    lot made make matter mean mention mind mistake nah need new nice nope offer okay old people perfect person pls please possible put
    question quick real recommend right said say see send sent sorry speak suit sum take taken talk tell thanks thank thx told took
    trouble unfortunately urgent use want went word worse write wrong yes yep gave found find think`,
  'happens to things of any kind': `
    accept allow announce block book broke broken care cause change check confirm cost cover damage disappear document end exact expire fail fell
    first follow forgot free front hand happen hold kind limit long lost low necessary open order pay paid pass plan prepare price raise
    reach read ready refuse reject replace replacement run schedule sell stand stay stop wake way wait work`,
  'numbers, days and hours': `
    amount day evening five friday hour minute moment monday month morning night number saturday sunday thousand three thursday time today
    tomorrow tuesday two week weekday weekend year`,
  'where somebody is found':
    'address business children city country family lane office phone place staff street',
  'a program is made of': `
    capital code coverage health journey judge letter line list machine match missing name plus report result sample secret service
    slot status tall test tool transit unauthorized valid`,
} as const;

const allowed = new Set(Object.values(general).flatMap(wordsIn).map(stemEnglish));

/** Everything an author has written for an agent, and what customers say to it. */
function wordsOf(server: DefinedServer, conversations: readonly ToldConversation[]): readonly string[] {
  const { documents, tools } = server.define();
  const said = conversations.flatMap(({ turns }) => turns.flatMap(({ says }) => says));
  const written = [...documents.map(({ fields }) => fields), ...tools.map(({ tool }) => tool)];
  return [...written.flatMap((each) => textsIn(each, '')), ...said].flatMap(wordsIn);
}

/** What people read, or a model does; ids, kinds and the like are not written by authors. */
const prose = new Set(
  'name title description condition action template signals synonyms toolInstruction displayName significance enum value'.split(
    ' ',
  ),
);

function textsIn(value: unknown, field: string): readonly string[] {
  if (typeof value === 'string') return prose.has(field) ? [value] : [];
  if (Array.isArray(value)) return value.flatMap((each) => textsIn(each, field));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, each]) => textsIn(each, name));
}

/** Of three letters and more, in lower case; names of code are taken apart. */
function wordsIn(text: string): readonly string[] {
  const apart = text.replace(/([a-z])(?=[A-Z])/g, '$1 ').toLowerCase();
  return apart.match(/[a-z]{3,}/g) ?? [];
}

const sources = globSync('src/nlp/**/*.ts', { cwd: root }).map((file) => ({
  file,
  words: new Set(wordsIn(readFileSync(join(root, file), 'utf8'))),
}));

/** `trade`: stems. */
function wordsOfTrade(trade: ReadonlySet<string>, words: Iterable<string>): readonly string[] {
  return [...words].filter((word) => trade.has(stemEnglish(word)));
}

function tradeOf(words: readonly string[]): ReadonlySet<string> {
  return new Set(words.map(stemEnglish).filter((stem) => !allowed.has(stem)));
}

const practice = wordsOf(createPractice(), healthcare);
const bank = wordsOf(createBank(), bankCard);

describe.each([
  {
    what: 'a doctors’ practice',
    words: practice,
    few: ['appointment', 'patients', 'doctor', 'insured', 'medicine', 'bleeding'],
  },
  {
    what: 'the cards of a bank',
    words: bank,
    few: ['card', 'cards', 'fee', 'payment', 'stolen', 'fraud', 'withdraw', 'pin'],
  },
])('the words of $what', ({ words, few }) => {
  const trade = tradeOf(words);

  it('stand nowhere in the understanding of language', () => {
    const found = sources.flatMap(({ file, words }) =>
      wordsOfTrade(trade, words).map((word) => `${word} in ${file}`),
    );
    expect(found).toEqual([]);
  });

  it('would be found in a list, a name or a comment', () => {
    const list = `const words = new Set(list('${few.join(' ')}'));`;
    expect(wordsOfTrade(trade, wordsIn(list))).toEqual(few);
    expect(wordsOfTrade(trade, wordsIn(`/** As in "${few[0]}". */ const is_${few[1]} = true;`))).toHaveLength(
      2,
    );
  });
});

it('no word is held to be general without need', () => {
  const used = new Set(sources.flatMap(({ words }) => [...words].map(stemEnglish)));
  const known = new Set([...practice, ...bank].map(stemEnglish));
  const idle = Object.values(general)
    .flatMap(wordsIn)
    .filter((word) => !used.has(stemEnglish(word)) || !known.has(stemEnglish(word)));
  expect(idle).toEqual([]);
});
