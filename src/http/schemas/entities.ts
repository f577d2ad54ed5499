/** What the schemas of agents, customers, tags and the like share. Null is absence everywhere. */
import { z } from 'zod';
import { text } from './common.ts';

/** A text for people. Counted in characters, as Parlant does: a smiley is one. */
export function name({ max }: { readonly max: number }) {
  return text({ min: 1, max: Number.MAX_SAFE_INTEGER })
    .refine((value) => Array.from(value).length <= max, `must have at most ${max} characters`)
    .refine((value) => value === '' || value.trim() !== '', 'must not be blank')
    .meta({
      override({ jsonSchema }) {
        jsonSchema.maxLength = max;
      },
    });
}

/** An id of the client's choice. It has to stand in an address. */
export const chosenId = text({ min: 1, max: 200 })
  .refine((id) => !/[\p{Cc}]/u.test(id), 'must not have control characters')
  .refine((id) => id !== '.' && id !== '..', 'must not be a step in a path')
  .meta({ description: 'Chosen by the client; a taken one is refused. Default: made of the content.' });

export const tagId = text({ min: 1, max: 220 });

export const tagIds = z.array(tagId).max(100);

/** Of a list of what has tags. */
export const tagQuery = z.object({
  tag_id: tagId.optional().meta({ description: 'Only what has this tag; none where there is no such tag.' }),
});

export const tagPatchSchema = z.object({ add: tagIds.nullish(), remove: tagIds.nullish() });

/** Texts by name. A name may be any, also `__proto__`, which `z.record` would drop. */
export const textMap = z
  .custom<Readonly<Record<string, string>>>(isObject, { error: 'must be an object of texts' })
  .meta({ override: { type: 'object', additionalProperties: { type: 'string' } } })
  .superRefine((map, refuse) => {
    for (const [key, value] of Object.entries(map)) {
      if (!textMapKey.safeParse(key).success) complain(key, 'a name must be 1 to 200 characters');
      else if (!textMapValue.safeParse(value).success) complain(key, 'must be a well-formed text');
    }

    function complain(key: string, message: string) {
      refuse.addIssue({ code: 'custom', path: [key], message });
    }
  });

const textMapKey = text({ min: 1, max: 200 });
const textMapValue = text({ max: Number.MAX_SAFE_INTEGER });

/** What is null, left out: absent is how the domain says "unchanged" or "by default". */
export function given<Value extends object>(value: Value): Given<Value> {
  const entries = Object.entries(value).filter(([, field]) => field !== null && field !== undefined);
  return Object.fromEntries(entries) as Given<Value>; // what is left is neither
}

type Given<Value> = {
  [
    Key in keyof Value as undefined extends Value[Key] ? never : null extends Value[Key] ? never : Key
  ]: Value[Key];
} & {
  [
    Key in keyof Value as undefined extends Value[Key] ? Key : null extends Value[Key] ? Key : never
  ]?: NonNullable<Value[Key]>;
};

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
