/** Where the values of a tool's parameters may come from: the customer's words, newest first, and what is known besides. */
import type { Json } from '../../../event-log/event.ts';
import type { Scene } from '../conditions/scene.ts';
import { humanised } from '../conditions/facts.ts';
import { isAnswer } from '../reading/follow-up.ts';
import { agentBefore, customerTurns, type PastCall } from '../reading/talk.ts';
import { yesOrNo } from '../reading/yes-or-no.ts';
import { chooseOption } from '../values/options.ts';
import { offersBefore } from '../values/offers.ts';
import { isInquiry } from './asides.ts';

/** Something the customer said, or agreed to. */
export type Said = {
  readonly text: string;
  /** What the agent had said just before; empty: nothing. */
  readonly asked: string;
  /** It answers that. */
  readonly isAnswer: boolean;
  /** What was chosen of what the agent offered. */
  readonly chosen: string | undefined;
  /** The customer's own words, and not what they agreed to. */
  readonly isOwn: boolean;
  /** It only asks about something, or is what the agent told about that. */
  readonly isAside: boolean;
};

export type Sources = {
  /** Newest first. */
  readonly said: readonly Said[];
  /** Names and values of what is known: variables, results, newest first. */
  readonly known: readonly (readonly [name: string, value: Json])[];
  /** Earlier calls of the same tool, newest first. */
  readonly calls: readonly Pick<PastCall, 'arguments'>[];
};

const turnLimit = 12;

/** What was said before the tool's last call was for that call. */
export function sourcesFor(toolId: string, scene: Scene): Sources {
  const { talk, situation } = scene;
  const calls = talk.calls.filter((call) => call.toolId === toolId);
  const since = calls.at(-1)?.at ?? -1;
  const turns = customerTurns(talk)
    .filter(({ at }) => at > since)
    .slice(-turnLimit)
    .toReversed();
  return {
    said: turns.flatMap((turn, at) => {
      const asked = agentBefore(talk, turn)?.text ?? '';
      const offers = offersBefore(talk, turn);
      const choice = chooseOption(
        turn.text,
        offers.map((text) => ({ text })),
      );
      const own: Said = {
        text: turn.text,
        asked,
        isAnswer: isAnswer(talk, turn),
        chosen: choice && offers[choice.at],
        isOwn: true,
        isAside: isInquiry(turn.text),
      };
      const agreed = yesOrNo(turn.text) === 'yes' && asked !== '';
      if (!agreed) return [own];
      const isAside = isInquiry(turns[at + 1]?.text ?? '');
      return [own, { ...own, text: asked, asked: '', chosen: undefined, isOwn: false, isAside }];
    }),
    known: knownValues(situation, talk.calls, toolId),
    calls: calls.toReversed(),
  };
}

function knownValues(
  { variables, staged, customer, agent }: Scene['situation'],
  calls: readonly PastCall[],
  asked: string,
): Sources['known'] {
  // What a tool said the last time is no reason to ask it the same again.
  const results = [...staged.toReversed(), ...calls.slice(-6).toReversed()].filter(
    ({ toolId }) => toolId !== asked,
  );
  return [
    ...variables.map(({ name, value }) => [humanised(name), value] as const),
    ...results.flatMap(({ data }) => membersOf(data, 2)),
    ['customer id', customer.id],
    ['agent id', agent.id],
    ...(customer.name !== '' && !/^guest$/i.test(customer.name)
      ? [['customer name', customer.name] as const]
      : []),
    ...variables.flatMap(({ value }) => membersOf(value, 2)),
  ];
}

function membersOf(data: Json, depth: number): readonly (readonly [string, Json])[] {
  if (typeof data !== 'object' || data === null || depth === 0) return [];
  if (Array.isArray(data)) return data.length === 1 ? membersOf(data[0] as Json, depth) : []; // one of it
  return Object.entries(data).flatMap(([name, value]) => [
    [humanised(name), value] as const,
    ...membersOf(value, depth - 1),
  ]);
}
