import { expect, it } from 'vitest';
import { readVectors } from '../support/vectors.ts';
import {
  openThings,
  things,
  toFilter,
  type RecordedDocument,
  type RecordedFilter,
} from './persistence-vectors.ts';

type Case = {
  readonly filter: RecordedFilter;
  readonly document: RecordedDocument;
  readonly expected: boolean;
};

it.each(readVectors<Case>('persistence', 'persistence-filter'))(
  '$id: $title',
  async ({ filter, document, expected }) => {
    await using opened = await openThings([document]);
    const { totalCount } = await opened.documents.find(things, { where: toFilter(filter) });
    expect(totalCount === 1).toBe(expected);
  },
);
