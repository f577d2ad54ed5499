/** Reads a JSON body within its limit. A GET never comes here: a stream must not have its request read (`stream.ts`). */
import express, { type Request, type Response } from 'express';
import { UnsupportedMediaTypeError } from './errors.ts';

/** Resolves with the value, undefined where there is no body. Rejects with body-parser's errors, which `problem.ts` knows. */
export type ReadBody = (req: Request, res: Response) => Promise<unknown>;

export function createReadBody({ maxBodyKb }: { readonly maxBodyKb: number }): ReadBody {
  const parse = express.json({ limit: maxBodyKb * 1024, strict: false, type: isJson });
  return (req, res) =>
    new Promise((resolve, reject) => {
      if (hasBody(req) && !isJson(req)) return reject(new UnsupportedMediaTypeError());
      parse(req, res, (error?: unknown) => {
        if (error) return reject(error);
        resolve(req.body);
      });
    });
}

/** The same, as text: for bodies whose signature is over what was sent. */
export function createReadText({ maxBodyKb }: { readonly maxBodyKb: number }): ReadBody {
  const read = express.text({ limit: maxBodyKb * 1024, type: isJson });
  return (req, res) =>
    new Promise((resolve, reject) => {
      if (!isJson(req)) return reject(new UnsupportedMediaTypeError());
      read(req, res, (error?: unknown) => {
        if (error) return reject(error);
        resolve(req.body);
      });
    });
}

function hasBody(req: { readonly headers: Request['headers'] }): boolean {
  const length = req.headers['content-length'];
  return req.headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0');
}

function isJson(req: { readonly headers: Request['headers'] | NodeJS.Dict<string | string[]> }): boolean {
  const type = req.headers['content-type'];
  if (type === 'application/json') return true;
  return typeof type === 'string' && /^application\/([\w.-]+\+)?json\s*(;|$)/i.test(type);
}
