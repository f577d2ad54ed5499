/** Reads a folder of Markdown files, once. Whatever is wrong is one `KnowledgeError` that names the file. */
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { KnowledgeError } from '../../errors.ts';
import { parseDocument, type KnowledgeDocument } from './markdown-document.ts';

/** Every `.md` file of the folder and the folders in it, hidden ones apart, in the order of their paths. */
export async function readKnowledgeFolder(folder: string): Promise<readonly KnowledgeDocument[]> {
  const paths = await markdownFiles(folder);
  if (paths.length === 0) throw new KnowledgeError(folder, 'it has no .md files');
  return Promise.all(paths.map((path) => readDocument(folder, path)));
}

async function markdownFiles(folder: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() && /\.md$/i.test(entry.name))
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll(sep, '/'))
      .filter((path) => !/(^|\/)\./.test(path))
      .sort();
  } catch (error) {
    throw new KnowledgeError(folder, reasonOf(error));
  }
}

async function readDocument(folder: string, path: string): Promise<KnowledgeDocument> {
  const file = join(folder, path);
  try {
    return parseDocument(path, new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file)));
  } catch (error) {
    throw new KnowledgeError(file, reasonOf(error));
  }
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'it does not exist';
  if (code === 'ENOTDIR') return 'it is not a folder';
  if (code === 'EACCES') return 'it may not be read';
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return 'it is not UTF-8 text';
  return message;
}
