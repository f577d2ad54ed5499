/**
 * The JSON in what a model wrote. Models that cannot be held to a format put fences around it, or a sentence before it. Nothing is
 * repaired: what is no JSON then is for the model to say again.
 */

/** What stands between the fences of a block marked `json`; without an opening fence, what stands before the last one. */
export function cleanJsonText(text: string): string {
  const opening = text.indexOf(openingFence);
  const start = opening < 0 ? 0 : opening + openingFence.length;
  const end = text.lastIndexOf(fence);
  return text.slice(start, end < start ? undefined : end).trim();
}

/** Throws `SyntaxError` where there is no JSON, or more than one object and nothing says which. */
export function parseJsonAnswer(text: string): unknown {
  return firstParsed([text, cleanJsonText(text)]) ?? onlyObject(text);
}

const fence = '```';
const openingFence = `${fence}json`;

/** A text may itself hold fences, so it is tried as it came before they are looked for. */
function firstParsed(texts: readonly string[]): unknown {
  for (const text of texts) {
    try {
      return JSON.parse(text);
    } catch {
      // the next one may be
    }
  }
  return undefined;
}

function onlyObject(text: string): unknown {
  const objects = objectsIn(text);
  if (objects.length !== 1)
    throw new SyntaxError(
      objects.length === 0 ? 'It holds no JSON object.' : 'It holds several JSON objects.',
    );
  return objects[0];
}

/** Of the outermost ones only, up to a brace that is never closed: what stands in an answer that was cut off is no answer. */
function objectsIn(text: string): readonly unknown[] {
  const objects: unknown[] = [];
  for (let at = text.indexOf('{'); at >= 0;) {
    const end = endOfObject(text, at);
    if (end === undefined) break;
    const object = firstParsed([text.slice(at, end)]);
    if (object !== undefined) objects.push(object);
    at = text.indexOf('{', end);
  }
  return objects;
}

/** Behind the brace that closes the one at `start`; braces within texts do not count. Undefined: it is never closed. */
function endOfObject(text: string, start: number): number | undefined {
  let depth = 0;
  const token = /"(?:[^"\\]|\\[^])*"|[{}]/g;
  token.lastIndex = start;
  for (let found = token.exec(text); found; found = token.exec(text)) {
    if (found[0] === '{') depth += 1;
    if (found[0] === '}' && (depth -= 1) === 0) return token.lastIndex;
  }
  return undefined;
}
