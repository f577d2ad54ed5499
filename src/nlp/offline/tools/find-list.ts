/** Lists for a tool: everything of the wanted type that was said. */
import type { Json } from '../../../event-log/event.ts';
import { bare } from '../messages/details.ts';
import { datesIn } from '../values/dates.ts';
import { plainNumbersIn } from '../values/find-value.ts';
import { namedOptions } from '../values/options.ts';
import { isAskedFor, textOf } from './asked-for.ts';
import type { Finding, Found } from './finding.ts';
import type { Wanted } from './parameter.ts';
import type { Said } from './sources.ts';

/** As JSON. Undefined: nothing of it was said. */
export function findList(wanted: Wanted, said: Said, finding: Finding): Found | undefined {
  const { parameter, options } = wanted;
  const items =
    options.length > 0
      ? namedOptions(said.text, options).map((at) => parameter.enum?.[at] ?? '')
      : itemsOf(wanted, said, finding);
  return items.length === 0 ? undefined : { value: JSON.stringify(items) };
}

function itemsOf(wanted: Wanted, said: Said, { now }: Finding): readonly Json[] {
  const { itemType = 'string' } = wanted.parameter;
  const text = textOf(said);
  if (itemType === 'number' || itemType === 'integer')
    return plainNumbersIn(text, now).map(({ value }) => Number(value));
  if (itemType === 'date') return datesIn(text, now).map(({ value }) => value);
  if (itemType !== 'string') return [];
  if (!isAskedFor(wanted, said) || !said.isOwn) return [];
  return bare(said.text)
    .split(/\s*[,;]\s*(?:and\s+)?|\s+and\s+/i)
    .filter((item) => item !== '');
}
