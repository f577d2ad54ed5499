/** What a template is once it was read: a tree of plain values. Names that begin with `std` or `generative` are names like any other here. */
import type { Json } from '../event-log/event.ts';

/** A template that was read without complaint: `parseTemplate`. */
export type Template = {
  readonly source: string;
  readonly body: Body;
  /**
   * Top-level names that must come from outside, in the order of their first use. Names that the template defines itself (`loop`, those
   * of a `for` or a `set`) are none of them; a name that is needed in one branch only is.
   */
  readonly undeclaredNames: readonly string[];
  /** The x of every `generative.x`: what a model is asked for before the template can be filled in. */
  readonly generativeFields: readonly string[];
};

export type Body = readonly Part[];

export type Part =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'output'; readonly value: Written }
  | { readonly kind: 'if'; readonly branches: readonly Branch[]; readonly otherwise: Body }
  | {
      readonly kind: 'for';
      /** One, or as many as each item has values. */
      readonly names: readonly string[];
      readonly items: Written;
      /** Which items; undefined: all. */
      readonly only: Written | undefined;
      readonly body: Body;
      /** Where there is no item. */
      readonly otherwise: Body;
    }
  | { readonly kind: 'set'; readonly name: string; readonly value: Written };

export type Branch = { readonly test: Written; readonly body: Body };

/** An expression, and how it is written, to say what is missing. */
export type Written = { readonly expression: Expression; readonly source: string };

export type Expression =
  | { readonly kind: 'literal'; readonly value: Json }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  | { readonly kind: 'name'; readonly name: string }
  /** `of.key` and `of[key]`. */
  | { readonly kind: 'member'; readonly of: Expression; readonly key: Expression }
  | { readonly kind: 'range'; readonly args: readonly Expression[] }
  | { readonly kind: 'filter'; readonly of: Expression; readonly name: string; readonly args: Args }
  /** `of is name(args)`. */
  | {
      readonly kind: 'predicate';
      readonly of: Expression;
      readonly name: string;
      readonly args: readonly Expression[];
      readonly isNegated: boolean;
    }
  | { readonly kind: 'unary'; readonly operator: 'not' | '-' | '+'; readonly of: Expression }
  | {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  /** `first < second < third`, each with the one before it. */
  | { readonly kind: 'comparison'; readonly first: Expression; readonly rest: readonly Comparison[] }
  /** `value if test else otherwise`. */
  | {
      readonly kind: 'choice';
      readonly test: Expression;
      readonly value: Expression;
      readonly otherwise: Expression | undefined;
    };

/** In the order of the filter's parameters; undefined: not given. */
export type Args = readonly (Expression | undefined)[];

export type Comparison = { readonly operator: ComparisonOperator; readonly right: Expression };

export type BinaryOperator = 'or' | 'and' | '~' | '+' | '-' | '*' | '/' | '//' | '%';

export type ComparisonOperator = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'not in';
