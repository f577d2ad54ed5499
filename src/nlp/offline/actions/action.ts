/** What an agent is told to do, taken apart: things to say, to ask, to show, and ways to behave. */

export type ActionPart =
  /** Said to the letter. */
  | { readonly kind: 'verbatim'; readonly text: string }
  /** A statement to be made: "the results are not there yet". */
  | { readonly kind: 'tell'; readonly text: string }
  /** Something to be told of which the words must be found: "the opening hours". */
  | {
      readonly kind: 'show';
      readonly text: string;
      /** To be named to the letter where nothing more is known of it: "a list of your books". */
      readonly isNamed: boolean;
    }
  /** Something to be found out from the customer: "their date of birth", "whether they want a receipt". */
  | { readonly kind: 'ask'; readonly text: string }
  /** Something the customer is to do: "call the office". */
  | { readonly kind: 'request'; readonly text: string; readonly isReminder: boolean }
  | { readonly kind: 'offer'; readonly text: string; readonly isSuggestion: boolean }
  /** Something to be checked with the customer: "the details". */
  | { readonly kind: 'confirm'; readonly text: string }
  | { readonly kind: 'help'; readonly text: string }
  | {
      readonly kind: 'courtesy';
      readonly courtesy:
        | 'greet'
        | 'thank'
        | 'apologise'
        | 'farewell'
        | 'sympathise'
        | 'congratulate'
        | 'wish';
      readonly text: string;
    }
  /** Done without a word: by tools, or as a manner. */
  | { readonly kind: 'do' | 'manner' | 'refrain'; readonly text: string };

export type Action = {
  readonly parts: readonly ActionPart[];
  /** The noun it calls the customer by, as "guest" in "Tell the guest that …"; undefined: "the customer". */
  readonly customer: string | undefined;
};
