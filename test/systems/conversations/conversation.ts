/**
 * Conversations as data: what a customer says, in five wordings that mean the same, and what must hold after it. Whoever walks through one
 * takes a wording at each turn.
 */

/** What is said in a turn, in wordings that truly differ. */
export type Wordings = readonly [string, string, string, string, string];

export type ExpectedTurn = {
  /** What the customer does, in words. */
  readonly turn: string;
  readonly says: Wordings;
  /** The whole answer to the letter, or what it must contain. Null: the agent says nothing. */
  readonly answer: string | RegExp | readonly RegExp[] | null;
  /** What it must not contain. */
  readonly never?: RegExp;
  /** Calls of tools, in order, with arguments that must be given so; default none. */
  readonly calls?: readonly ExpectedCall[];
  /** The action of the step that the journey has reached; default: no journey is active. */
  readonly step?: string;
};

export type ExpectedCall = {
  readonly tool: string;
  /** All of them, to the letter or by what they contain. */
  readonly args: Readonly<Record<string, string | RegExp>>;
};

export type ToldConversation = {
  readonly title: string;
  /** Takes what others would then not get, so that each customer needs a server of their own. */
  readonly isAlone?: boolean;
  readonly turns: readonly ExpectedTurn[];
};
