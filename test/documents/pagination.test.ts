import { expect, it } from 'vitest';
import type { Position } from '../../src/documents/document-store.ts';
import { toUtc } from '../../src/event-log/utc.ts';
import { readVectors } from '../support/vectors.ts';
import {
  openThings,
  things,
  toFilter,
  type RecordedDocument,
  type RecordedFilter,
} from './persistence-vectors.ts';

type Case = {
  readonly documents: readonly RecordedDocument[];
  readonly query: {
    readonly limit?: number;
    readonly cursor?: Position;
    readonly sort?: 'asc' | 'desc';
    readonly filter?: RecordedFilter;
  };
  readonly expected: {
    readonly ids: readonly string[];
    readonly totalCount: number;
    readonly hasMore: boolean;
    readonly nextCursor: Position | null;
  };
};

const toPosition = ({ id, creationUtc }: Position) => ({ id, creationUtc: toUtc(creationUtc) });

it.each(readVectors<Case>('persistence', 'pagination'))(
  '$id: $title',
  async ({ documents: recorded, query: { cursor, filter, ...query }, expected }) => {
    await using opened = await openThings(recorded);
    const { items, totalCount, next } = await opened.documents.find(things, {
      ...query,
      ...(cursor && { after: toPosition(cursor) }),
      ...(filter && { where: toFilter(filter) }),
    });
    expect({
      ids: items.map(({ id }) => id),
      totalCount,
      hasMore: totalCount > items.length,
      nextCursor: next,
    }).toEqual({
      ...expected,
      nextCursor: expected.nextCursor && toPosition(expected.nextCursor),
    });
  },
);
