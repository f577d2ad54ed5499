/** The two forms of an error on the wire. */
import { z } from 'zod';

const shared = {
  title: z.string(),
  status: z.int(),
  code: z
    .string()
    .meta({ description: 'Stable; all are listed in docs/errors.md.', examples: ['SESSION_NOT_FOUND'] }),
};

export const problemSchema = z
  .object({
    type: z.string(),
    ...shared,
    detail: z.string(),
    retryable: z.boolean().meta({ description: 'Whether the same request may succeed later.' }),
    errors: z
      .array(
        z.object({
          place: z.enum(['body', 'query', 'path']),
          field: z.string(),
          pointer: z.string().optional().meta({ description: 'JSON pointer into the body.' }),
          message: z.string(),
          code: z.string(),
        }),
      )
      .optional(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457.' });

export const parlantErrorSchema = z
  .object({
    ...shared,
    detail: z.union([
      z.string(),
      z.array(
        z.object({
          type: z.string(),
          loc: z.array(z.union([z.string(), z.int()])),
          msg: z.string(),
          input: z.union([z.string(), z.number(), z.boolean(), z.null()]).optional(),
        }),
      ),
    ]),
  })
  .meta({ id: 'ParlantError', description: 'A text, or a list where the request does not fit its schema.' });
