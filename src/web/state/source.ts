/**
 * Where an answer comes from: `metadata.sources` of its message. Knowledge agents name a section of a file; retrievers and tools name
 * whatever they like.
 */
import type { Json, JsonObject } from '../wire.ts';

export type Source = {
  /** What it is called. */
  readonly name: string;
  /** Where it stands, where that is told. */
  readonly place: string | null;
  /** Where a browser finds it: an http address. */
  readonly link: string | null;
};

/** A source that is named twice is listed once. */
export function sourcesOf(sources: Json | undefined): readonly Source[] {
  if (!Array.isArray(sources)) return [];
  const found = (sources as readonly Json[]).map(toSource);
  return [...new Map(found.map((source) => [`${source.name} ${source.place}`, source])).values()];
}

function toSource(source: Json): Source {
  if (typeof source !== 'object' || source === null) return named(String(source), null);
  const [title, section, file] = ['title', 'section', 'file'].map((key) => textIn(source as JsonObject, key));
  const place = file ?? textIn(source as JsonObject, 'url') ?? null; // a list has no such names either
  const name = title ?? textIn(source as JsonObject, 'name') ?? place ?? JSON.stringify(source);
  return named(section === undefined || section === name ? name : `${name}, ${section}`, place);
}

function named(name: string, place: string | null): Source {
  const address = place ?? name;
  return { name, place, link: /^https?:\/\//i.test(address) && URL.canParse(address) ? address : null };
}

function textIn(object: JsonObject, key: string): string | undefined {
  const value = object[key];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
