/** Where an OpenAPI document comes from: an address, or a file of this machine. */
import { open } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseJson } from './json.ts';
import { readText, send } from './service-exchange.ts';
import { NotReachedFault, ServiceFault } from './service-fault.ts';

const maxBytes = 8 * 1024 * 1024;

export type OpenApiSource = {
  /** An http or https address, a `file:` address or a path. */
  readonly source: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly signal: AbortSignal;
};

/** The document, unchecked. Throws `ServiceFault`, or the signal's reason. */
export async function readSource({ source, headers, signal }: OpenApiSource): Promise<unknown> {
  const isAddress = /^https?:\/\//i.test(source);
  const text = isAddress ? await readAddress({ source, headers, signal }) : await readRegularFile(source);
  const document = parseJson(text);
  if (document === undefined) throw new ServiceFault('its description is no JSON');
  return document;
}

async function readAddress({ source, headers, signal }: OpenApiSource): Promise<string> {
  const response = await send({ method: 'GET', url: source, headers, signal });
  const text = await readText(response, { maxBytes, signal });
  if (!response.ok) throw new ServiceFault(`its description is not there: ${response.status}`);
  return text;
}

/** Devices and pipes have no end. */
async function readRegularFile(source: string): Promise<string> {
  try {
    await using file = await open(source.startsWith('file:') ? fileURLToPath(source) : source);
    const stat = await file.stat();
    if (!stat.isFile()) throw new ServiceFault('its description is no file');
    if (stat.size > maxBytes) throw new ServiceFault(`its description has more than ${maxBytes} bytes`);
    return await file.readFile('utf8');
  } catch (error) {
    if (error instanceof ServiceFault) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    throw new NotReachedFault(`its description cannot be read (${code})`);
  }
}
