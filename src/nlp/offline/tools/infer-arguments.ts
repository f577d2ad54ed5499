/** All values of a tool's parameters, as far as they are told or known. */
import type { Json } from '../../../event-log/event.ts';
import type { Tool } from '../../../tools/tool.ts';
import type { Scene } from '../conditions/scene.ts';
import { coverageOf } from '../journeys/coverage.ts';
import { kindAskedFor, type ValueKind } from '../values/value-kind.ts';
import { asidesLast } from './asides.ts';
import { findArgument, joinDateTime } from './find-argument.ts';
import type { Found } from './finding.ts';
import { toWanted, type Wanted } from './parameter.ts';
import { isAskedFor } from './asked-for.ts';
import { sourcesFor, type Said, type Sources } from './sources.ts';

export type Argument = { readonly wanted: Wanted; readonly found: Found | undefined };

export type Inferring = {
  readonly scene: Scene;
  readonly now: number;
};

/** In the order of the parameters. */
export function inferArguments(toolId: string, tool: Tool, { scene, now }: Inferring): readonly Argument[] {
  const sources = sourcesFor(toolId, scene);
  const { terms } = scene.situation;
  const all = Object.entries(tool.parameters).map(([name, parameter]) =>
    toWanted(name, parameter, { isRequired: tool.required.includes(name), terms }),
  );
  const used = new Set<string>();
  return all.map((wanted, at) => {
    const rivals = all.filter((other) => other !== wanted && areRivals(wanted, other));
    const before = rivals.filter((rival) => all.indexOf(rival) < at);
    const isKnown = (stem: string) => scene.vocabulary.topics.has(stem);
    const found = infer(wanted, { sources, now, rivals, before, used, isKnown });
    if (found && 'value' in found) used.add(found.value);
    return { wanted, found };
  });
}

function areRivals(a: Wanted, b: Wanted): boolean {
  if (isNumeric(a) && isNumeric(b)) return true;
  return (
    a.parameter.type === b.parameter.type &&
    a.kind === b.kind &&
    a.options.length === 0 &&
    b.options.length === 0
  );
}

function isNumeric({ parameter: { type } }: Wanted): boolean {
  return type === 'number' || type === 'integer';
}

type Looking = {
  readonly sources: Sources;
  readonly now: number;
  readonly rivals: readonly Wanted[];
  readonly before: readonly Wanted[];
  readonly used: ReadonlySet<string>;
  readonly isKnown: (stem: string) => boolean;
};

function infer(wanted: Wanted, looking: Looking): Found | undefined {
  const { source = 'any' } = wanted.parameter;
  const ofCustomer = source === 'context' ? undefined : inSaid(wanted, looking, source);
  if (ofCustomer && 'value' in ofCustomer) return ofCustomer;
  const known = source === 'customer' ? undefined : inKnown(wanted, looking.sources);
  return known ?? ofCustomer ?? repeated(wanted, looking);
}

/** Newest first. What the customer only agreed to is not their own word. */
function inSaid(wanted: Wanted, looking: Looking, source: 'any' | 'customer'): Found | undefined {
  const said = looking.sources.said.filter(({ isOwn }) => isOwn || source === 'any');
  let invalid: Found | undefined;
  for (const [at, each] of orderFor(wanted, said).entries()) {
    const found = findArgument(wanted, each, looking);
    if (found && 'value' in found) return found;
    if (at === 0) invalid = found;
  }
  const joined = wanted.parameter.type === 'datetime' ? joinDateTime(said, looking.now) : undefined;
  return joined === undefined ? invalid : { value: joined };
}

/** Of what is told in one's own words, what answers a question comes first. */
function orderFor(wanted: Wanted, said: readonly Said[]): readonly Said[] {
  if (!wanted.isFree) return asidesLast(wanted, said);
  const [asked, others] = [
    said.filter((each) => isAskedFor(wanted, each)),
    said.filter((each) => !isAskedFor(wanted, each)),
  ];
  return [...asked, ...others];
}

function inKnown(wanted: Wanted, { known }: Sources): Found | undefined {
  const names = [wanted.label, wanted.name.replaceAll('_', ' ').toLowerCase()];
  const same = known.find(([name, value]) => names.includes(name.toLowerCase()) && isScalar(value));
  const isContext = wanted.parameter.source === 'context';
  const near = isContext
    ? known.find(([name, value]) => isScalar(value) && coverageOf(wanted.label, name) >= 0.8)
    : undefined;
  const value = (same ?? near)?.[1];
  if (!isScalar(value)) return undefined;
  const isChoice =
    wanted.options.length === 0 || wanted.parameter.enum?.some((each) => String(each) === String(value));
  return isChoice ? { value: String(value) } : undefined;
}

function isScalar(value: Json | undefined): value is string | number | boolean {
  return value !== null && value !== undefined && value !== '' && typeof value !== 'object';
}

/** Who somebody is stays the same; what they want the next time may not. */
const lasting: ReadonlySet<ValueKind | undefined> = new Set(['email', 'phone', 'name', 'id']);

function repeated({ name, kind, label, options }: Wanted, { sources }: Looking): Found | undefined {
  const value = sources.calls[0]?.arguments[name];
  if (value === undefined || value === null || !lasting.has(kind)) return undefined;
  if (options.length > 0 || kindAskedFor(label) !== kind) return undefined;
  return { value: typeof value === 'string' ? value : JSON.stringify(value) };
}
