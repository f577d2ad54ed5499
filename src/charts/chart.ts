/**
 * A statechart as a picture: what `GET /api/machines/{name}/layout` answers. All lengths are in pixels from the picture's left upper
 * corner, so that drawing needs no further layout. Texts are to be drawn no wider than they were taken for: `text-size.ts`.
 */

export type Point = { readonly x: number; readonly y: number };

export type Box = Point & { readonly width: number; readonly height: number };

/** A state. */
export type ChartNode = Box & {
  /** As XState names it; not always the path: a state may have an id of its own. */
  readonly id: string;
  /** Its name among its siblings: what a state value holds. */
  readonly key: string;
  /** The state around it; null for the machine itself. */
  readonly parentId: string | null;
  readonly type: 'atomic' | 'compound' | 'parallel' | 'final' | 'history';
  readonly description: string | null;
  readonly tags: readonly string[];
  /** Id of the state it begins in, of a `compound`. */
  readonly initial: string | null;
};

/** A transition. */
export type ChartEdge = {
  /** As `toDirectedGraph` of `xstate/graph` names it, and `state` frames do. */
  readonly id: string;
  readonly source: string;
  readonly target: string;
  /** The type of the event, as `state` frames tell it; empty where there is none and only the guard decides. */
  readonly event: string;
  /** The event in words that fit into a picture: its first line. */
  readonly label: string;
  /** Its second line, in brackets, where there is one. */
  readonly guard: string | null;
  readonly description: string | null;
  /** It leaves no state: it has no line, and its label stands inside its state. */
  readonly internal: boolean;
  /** A line from state to state; transitions between the same two share it. Empty where `internal`. */
  readonly points: readonly Point[];
  /** The box of the label. */
  readonly labelX: number;
  readonly labelY: number;
  readonly labelWidth: number;
  readonly labelHeight: number;
};

/** Where a compound state begins: a dot, and a line from there to its initial state. */
export type ChartStart = Box & {
  readonly parentId: string;
  readonly target: string;
  readonly points: readonly Point[];
};

export type ChartSummary = {
  /** Of its file: `session`. */
  readonly name: string;
  /** With its version: `session.v1`. */
  readonly id: string;
  readonly description: string | null;
};

export type Chart = ChartSummary & {
  readonly size: { readonly width: number; readonly height: number };
  /** Outer states before inner ones. */
  readonly nodes: readonly ChartNode[];
  readonly edges: readonly ChartEdge[];
  readonly starts: readonly ChartStart[];
};
