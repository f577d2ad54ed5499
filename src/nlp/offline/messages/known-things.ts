/** What an agent can tell of: terms of its glossary, what tools and retrievers brought, values of variables, capabilities. */
import type { Json } from '../../../event-log/event.ts';
import type { Situation } from '../../questions/situation.ts';
import { asSentence } from '../actions/second-person.ts';
import { humanised } from '../conditions/facts.ts';
import { readTalk } from '../reading/talk.ts';
import { toSentences } from '../reading/message.ts';
import { citedIn, quoteCited, type CitedPassage } from './cited-passages.ts';
import { showData } from './show-data.ts';

export type KnownThing = {
  readonly kind: 'term' | 'passage' | 'cited' | 'data' | 'variable' | 'capability';
  /** By which it is found, besides its sentences. */
  readonly names: string;
  /** Other words for it. */
  readonly synonyms?: string;
  readonly sentences: readonly string[];
  /** All of it, as it is told; `about`: what it was asked for as. */
  tell(about: string): string;
  /** Brought in this turn. */
  readonly isNew: boolean;
};

/** Past calls that are still looked at. */
const callLimit = 5;

const known = new WeakMap<Situation, readonly KnownThing[]>();

export function knownThings(situation: Situation): readonly KnownThing[] {
  const found = known.get(situation);
  if (found) return found;
  const { terms, variables, capabilities, staged } = situation;
  const past = readTalk(situation).calls.slice(-callLimit).toReversed();
  const things = [
    ...staged.flatMap(({ toolId, data }) => ofCall(toolId, data, true)),
    ...terms.map(ofTerm),
    ...variables.flatMap(({ name, description, value }) => ofVariable(name, description, value)),
    ...past.flatMap(({ toolId, data }) => ofCall(toolId, data, false)),
    ...capabilities.map(({ title, description }) => ofCapability(title, description)),
  ];
  known.set(situation, things);
  return things;
}

function ofTerm({ name, description, synonyms }: Situation['terms'][number]): KnownThing {
  const told = explained(name, description);
  return {
    kind: 'term',
    names: name,
    synonyms: synonyms.join(', '),
    sentences: toSentences(description),
    tell: () => told,
    isNew: false,
  };
}

/** A description that is no sentence needs the name in front. */
function explained(name: string, description: string): string {
  if (description.trim() === '') return asSentence(name);
  const isSentence =
    /\b(?:is|are|was|were|has|have|can|will|may|must|means|includes?|costs?|opens?|closes?)\b/i.test(
      description.slice(0, 80),
    );
  const isAboutIt = description.toLowerCase().includes(name.toLowerCase());
  return isSentence && isAboutIt ? asSentence(description) : asSentence(`${name}: ${description}`);
}

function ofCapability(title: string, description: string): KnownThing {
  return {
    kind: 'capability',
    names: title,
    sentences: toSentences(description),
    tell: () => asSentence(description === '' ? title : `${title}: ${description}`),
    isNew: false,
  };
}

function ofVariable(name: string, description: string | null, value: Json): readonly KnownThing[] {
  const shown = showData(value, humanised(name));
  if (shown === '') return [];
  return [
    {
      kind: 'variable',
      names: `${humanised(name)} ${description ?? ''}`,
      sentences: [shown],
      tell: () =>
        typeof value === 'object' ? shown : asSentence(`Your ${humanised(name)}: ${String(value)}`),
      isNew: false,
    },
  ];
}

/** Long texts are passages to be quoted from; everything else is shown as it is. */
function ofCall(toolId: string, data: Json, isNew: boolean): readonly KnownThing[] {
  const cited = citedIn(data);
  if (cited.length > 0) return [ofCited(cited, isNew)];
  const facts = sentencesIn(data);
  if (facts.length > 1)
    return [{ kind: 'passage', names: '', sentences: facts, tell: () => facts.join(' '), isNew }];
  const texts = passagesIn(data);
  const names = humanised(toolId.slice(toolId.indexOf(':') + 1));
  if (texts.length > 0)
    return texts.map((text) => ({
      kind: 'passage',
      names: '',
      sentences: toSentences(text),
      tell: () => text,
      isNew,
    }));
  const shown = showData(data, '');
  if (shown === '') return [];
  return [{ kind: 'data', names, sentences: [shown], tell: (about) => showData(data, about), isNew }];
}

/** All that was found for one question is one answer to it. */
function ofCited(passages: readonly CitedPassage[], isNew: boolean): KnownThing {
  return {
    kind: 'cited',
    names: passages.map(({ source, section }) => `${source}, ${section}`).join('\n'),
    sentences: passages.flatMap(({ text }) => toSentences(text)),
    tell: () => quoteCited(passages),
    isNew,
  };
}

/** A list of whole sentences is one text. */
function sentencesIn(data: Json): readonly string[] {
  if (!Array.isArray(data)) return [];
  const texts = data.filter((each) => typeof each === 'string');
  return texts.length === data.length && texts.every((text) => /\s\S+\s.*[.!?]$/s.test(text)) ? texts : [];
}

const passageLength = 100;

function passagesIn(data: Json): readonly string[] {
  if (typeof data === 'string')
    return data.length >= passageLength && toSentences(data).length > 1 ? [data] : [];
  if (typeof data !== 'object' || data === null) return [];
  return Object.values(data as Readonly<Record<string, Json>>).flatMap((each) => passagesIn(each)); // lists too
}
