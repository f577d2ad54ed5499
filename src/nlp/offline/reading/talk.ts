/** A conversation as two people have it: who said what, one after the other, and what tools found out in between. */
import type { Json } from '../../../event-log/event.ts';
import type { ShownEvent, Situation, StagedCall } from '../../questions/situation.ts';
import { readMessage, type Message } from './message.ts';

/** What one of them said before the other spoke, if in several messages. */
export type Turn = {
  readonly speaker: 'customer' | 'agent';
  readonly text: string;
  /** Of its last event, among those shown. */
  readonly at: number;
};

/** A tool's call in an earlier turn, or earlier in this one. */
export type PastCall = StagedCall & { readonly at: number };

export type Talk = {
  /** Oldest first. */
  readonly turns: readonly Turn[];
  /** What the customer said last. */
  readonly latest: Turn | undefined;
  readonly calls: readonly PastCall[];
};

/** How far is looked back. */
const turnLimit = 40;
const eventLimit = 400;

const read = new WeakMap<Situation['interaction'], Talk>();

/** Read once per interaction. */
export function readTalk({ interaction }: Pick<Situation, 'interaction'>): Talk {
  const known = read.get(interaction);
  if (known) return known;
  const turns = toTurns(interaction).slice(-turnLimit);
  const latest = turns.findLast(({ speaker }) => speaker === 'customer');
  const talk = { turns, latest, calls: toCalls(interaction) };
  read.set(interaction, talk);
  return talk;
}

export function messageOf({ text }: Turn): Message {
  return readMessage(text);
}

/** Of the agent, directly before this one; undefined: the customer spoke first. */
export function agentBefore({ turns }: Talk, turn: Turn): Turn | undefined {
  const before = turns[turns.indexOf(turn) - 1];
  return before?.speaker === 'agent' ? before : undefined;
}

/** Of the customer, oldest first. */
export function customerTurns({ turns }: Talk): readonly Turn[] {
  return turns.filter(({ speaker }) => speaker === 'customer');
}

/** What the agent said last before the customer's latest words, or at all. */
export function lastOfAgent(talk: Talk): Turn | undefined {
  if (talk.latest === undefined) return talk.turns.at(-1);
  return agentBefore(talk, talk.latest);
}

const speakers: Partial<Record<ShownEvent['event_source'], Turn['speaker']>> = {
  user: 'customer',
  ai_agent: 'agent',
  human_service_agent: 'agent',
};

function toTurns(interaction: Situation['interaction']): readonly Turn[] {
  const turns: Turn[] = [];
  const first = Math.max(0, interaction.length - eventLimit);
  for (const [offset, event] of interaction.slice(first).entries()) {
    const speaker = speakers[event.event_source];
    const text = event.event_kind === 'message' ? textOf(event.data) : undefined;
    if (speaker === undefined || text === undefined) continue;
    const at = first + offset;
    const last = turns.at(-1);
    if (last?.speaker === speaker) turns[turns.length - 1] = { speaker, at, text: `${last.text}\n${text}` };
    else turns.push({ speaker, at, text });
  }
  return turns;
}

/** Undefined: what was said is not shown. */
function textOf(data: Json): string | undefined {
  const text = member(data, 'message');
  return typeof text === 'string' && text.trim() !== '' ? text : undefined;
}

function toCalls(interaction: Situation['interaction']): readonly PastCall[] {
  return interaction.flatMap(({ event_kind, data }, at) => {
    const calls = event_kind === 'tool' ? member(data, 'tool_calls') : undefined;
    return Array.isArray(calls) ? calls.flatMap((call: Json) => toCall(call, at)) : [];
  });
}

function toCall(call: Json, at: number): readonly PastCall[] {
  const [toolId, args, result] = [member(call, 'tool_id'), member(call, 'arguments'), member(call, 'result')];
  if (typeof toolId !== 'string') return [];
  const given = typeof args === 'object' && args !== null && !Array.isArray(args) ? args : {};
  return [{ toolId, arguments: given as StagedCall['arguments'], data: dataOf(result), at }]; // an object, and no array
}

/** Results are shown as their data; whole results have them inside. */
function dataOf(result: Json | undefined): Json {
  return member(result ?? null, 'data') ?? result ?? null;
}

/** Undefined: it is no object, or has no such member. */
export function member(value: Json, name: string): Json | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.hasOwn(value, name) ? (value as Readonly<Record<string, Json>>)[name] : undefined; // no array
}
