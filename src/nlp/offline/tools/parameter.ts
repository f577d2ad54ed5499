/** A tool's parameter as it is looked for: what it is called, what kind of value it takes, what may be chosen. */
import type { ToolParameter } from '../../../tools/tool.ts';
import type { ShownTerm } from '../../questions/situation.ts';
import { humanised } from '../conditions/facts.ts';
import type { Option } from '../values/options.ts';
import { kindAskedFor, type ValueKind } from '../values/value-kind.ts';

export type Wanted = {
  readonly name: string;
  readonly parameter: ToolParameter;
  readonly isRequired: boolean;
  /** As people call it: "number of guests". */
  readonly label: string;
  /** With what its description says. */
  readonly described: string;
  /** Of a text: what it should look like. Undefined: any text. */
  readonly kind: ValueKind | undefined;
  /** Whole sentences will do: a reason, a question, a message. */
  readonly isFree: boolean;
  readonly options: readonly Option[];
};

const free =
  /\b(?:reason|description|question|message|comment|feedback|note|notes|query|issue|problem|text|content|topic|subject|complaint|summary|search|keywords?|request|purpose|explanation|instructions?)\b/i;

export function toWanted(
  name: string,
  parameter: ToolParameter,
  { isRequired, terms }: { readonly isRequired: boolean; readonly terms: readonly ShownTerm[] },
): Wanted {
  const label = humanised(parameter.displayName ?? name);
  const described = `${label} ${humanised(name)} ${parameter.description ?? ''}`;
  return {
    name,
    parameter,
    isRequired,
    label,
    described,
    kind: kindAskedFor(`${label} ${humanised(name)}`) ?? kindAskedFor(parameter.description ?? ''),
    isFree: free.test(`${label} ${humanised(name)}`),
    options: (parameter.enum ?? []).map((choice) => toOption(String(choice), terms)),
  };
}

/** Under the names the glossary has for it, too. */
function toOption(choice: string, terms: readonly ShownTerm[]): Option {
  const plain = humanised(choice).toLowerCase();
  const synonyms = terms
    .filter(({ name, synonyms }) => [name, ...synonyms].some((each) => each.toLowerCase() === plain))
    .flatMap(({ name, synonyms }) => [name, ...synonyms]);
  return { text: choice, synonyms };
}
