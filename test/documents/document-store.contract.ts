/** What every adapter of the documents must do. */
import { expect, it } from 'vitest';
import type { Change, DocumentStore, Filter, Page, Query } from '../../src/documents/document-store.ts';
import { DocumentsUnavailableError, IdTakenError, ValueTakenError } from '../../src/errors.ts';
import { fruits, stones, type Fruit } from './collections.ts';

type Opened = AsyncDisposable & {
  readonly documents: DocumentStore;
  /** Closes it and opens it again. */
  reopen(): Promise<DocumentStore>;
};

const basket: Readonly<Record<string, Fruit>> = {
  apple: { name: 'Apple', weight: 150, isRipe: true, colours: ['red', 'green'], origin: { country: 'NL' } },
  pear: { name: 'Pear', weight: 180, isRipe: false, colours: ['green'], origin: { country: null } },
  plum: { name: 'Plum', weight: 30, colours: ['blue', 'red'], marks: ['7', 7], origin: { country: 'NL' } },
  void: { name: 'Void', colours: [] },
};

export function documentStoreContract(open: () => Promise<Opened>): void {
  it('keeps a document as it was given, with its id and the time of its creation', async () => {
    await using opened = await open();
    const fruit = basket['apple']!;
    const stored = await opened.documents.insert(fruits, 'apple', fruit);
    expect(stored).toEqual({
      ...fruit,
      id: 'apple',
      creationUtc: expect.stringMatching(/^\d{4}-.*\.\d{6}Z$/),
    });
    expect(await opened.documents.get(fruits, 'apple')).toEqual(stored);
    expect(await (await opened.reopen()).get(fruits, 'apple')).toEqual(stored);
  });

  it('keeps any Unicode, also in ids, and any JSON', async () => {
    await using opened = await open();
    const id = 'Ünï\'"%_ 🍏 \u202e';
    const fruit = {
      name: 'é 梨 🍐 \u0000 \\ "',
      colours: ['$.name', '', "'; DROP TABLE documents"],
      extra: { __proto__: 1, a: [null] },
    };
    await opened.documents.insert(fruits, id, fruit);
    const documents = await opened.reopen();
    expect(await documents.get(fruits, id)).toMatchObject(JSON.parse(JSON.stringify(fruit)));
    for (const has of fruit.colours) {
      expect(await idsOf(documents.find(fruits, { where: { field: 'colours', has } }))).toEqual([id]);
    }
  });

  it('knows nothing of other collections, nor of other ids', async () => {
    await using opened = await open();
    await opened.documents.insert(fruits, 'a', basket['apple']!);
    expect(await opened.documents.get(stones, 'a')).toBeUndefined();
    expect(await opened.documents.get(fruits, 'A')).toBeUndefined();
    expect(await idsOf(opened.documents.find(stones))).toEqual([]);
    await opened.documents.insert(stones, 'a', basket['apple']!);
    expect(await opened.documents.delete(fruits, 'a')).toBe(true);
    expect(await opened.documents.get(stones, 'a')).toBeDefined();
  });

  it('refuses an id that is taken, and leaves what has it', async () => {
    await using opened = await open();
    await opened.documents.insert(fruits, 'a', basket['apple']!);
    const second = opened.documents.insert(fruits, 'a', basket['pear']!);
    await expect(second).rejects.toThrow(new IdTakenError('fruit', 'a'));
    expect(await opened.documents.get(fruits, 'a')).toMatchObject({ name: 'Apple' });
  });

  it('refuses a value that must be unique, at insertion and at update, until it is free', async () => {
    await using opened = await open();
    const { documents } = opened;
    await documents.insert(fruits, 'a', { name: 'Same', colours: [] });
    await documents.insert(fruits, 'b', { name: 'same', colours: [] });
    const taken = new ValueTakenError('fruit', 'name', 'Same');
    await expect(documents.insert(fruits, 'c', { name: 'Same', colours: [] })).rejects.toThrow(taken);
    await expect(documents.update(fruits, 'b', (b) => ({ ...b, name: 'Same' }))).rejects.toThrow(taken);
    expect(await documents.get(fruits, 'b')).toMatchObject({ name: 'same' });
    await documents.update(fruits, 'a', (a) => ({ ...a, weight: 1 }));
    await documents.update(fruits, 'a', (a) => ({ ...a, name: 'Other' }));
    await documents.update(fruits, 'b', (b) => ({ ...b, name: 'Same' }));
    await documents.delete(fruits, 'b');
    await documents.insert(fruits, 'c', { name: 'Same', colours: [] });
    await documents.insert(stones, 'c', { name: 'Same', colours: [] });
    await documents.insert(stones, 'd', { name: 'Same', colours: [] });
  });

  it('replaces a document by what is made of it, and keeps its id and time', async () => {
    await using opened = await open();
    const before = await opened.documents.insert(fruits, 'a', basket['apple']!);
    const updated = await opened.documents.update(fruits, 'a', ({ name }) => ({ name, colours: ['brown'] }));
    expect(updated).toEqual({ id: 'a', creationUtc: before.creationUtc, name: 'Apple', colours: ['brown'] });
    expect(await (await opened.reopen()).get(fruits, 'a')).toEqual(updated);
  });

  it('cannot be made to change an id or a time', async () => {
    await using opened = await open();
    const { id, creationUtc } = await opened.documents.insert(fruits, 'a', basket['apple']!);
    const sneaky = { name: 'x', colours: [], id: 'b', creationUtc: 'never' };
    expect(await opened.documents.update(fruits, 'a', () => sneaky)).toMatchObject({ id, creationUtc });
    expect(await opened.documents.insert(fruits, 'c', { ...sneaky, name: 'y' })).toMatchObject({ id: 'c' });
    expect(await idsOf(opened.documents.find(fruits))).toEqual(['a', 'c']);
  });

  it('says that there was nothing to update or delete', async () => {
    await using opened = await open();
    expect(await opened.documents.update(fruits, 'nobody', (fruit) => fruit)).toBeUndefined();
    expect(await opened.documents.delete(fruits, 'nobody')).toBe(false);
  });

  it('loses no update of many at once', async () => {
    await using opened = await open();
    await opened.documents.insert(fruits, 'a', { name: 'a', weight: 0, colours: [] });
    const heavier = () =>
      opened.documents.update(fruits, 'a', (a) => ({ ...a, weight: (a.weight ?? 0) + 1 }));
    await Promise.all(Array.from({ length: 200 }, heavier));
    expect(await opened.documents.get(fruits, 'a')).toMatchObject({ weight: 200 });
  });

  const filters: readonly [what: string, where: Filter<Fruit>, ids: readonly string[]][] = [
    ['equal text', { field: 'name', is: 'Pear' }, ['pear']],
    ['equal text, to the letter', { field: 'name', is: 'pear' }, []],
    ['an id', { field: 'id', is: 'plum' }, ['plum']],
    ['an equal number', { field: 'weight', is: 30 }, ['plum']],
    ['a number, not its text', { field: 'weight', is: '30' }, []],
    ['true', { field: 'isRipe', is: true }, ['apple']],
    ['false', { field: 'isRipe', is: false }, ['pear']],
    ['null or nothing', { field: 'isRipe', is: null }, ['plum', 'void']],
    ['anything but', { field: 'isRipe', isNot: true }, ['pear', 'plum', 'void']],
    ['anything but nothing', { field: 'isRipe', isNot: null }, ['apple', 'pear']],
    ['a field of an object', { field: 'origin.country', is: 'NL' }, ['apple', 'plum']],
    ['null in an object, or no object', { field: 'origin.country', is: null }, ['pear', 'void']],
    ['one of some', { field: 'name', isIn: ['Plum', 'Apple', 'Fig'] }, ['apple', 'plum']],
    ['one of some ids', { field: 'id', isIn: ['void', 'pear'] }, ['pear', 'void']],
    ['one of none', { field: 'name', isIn: [] }, []],
    ['none of some', { field: 'name', isNotIn: ['Plum', 'Apple', 'Fig'] }, ['pear', 'void']],
    ['none of some, null too', { field: 'weight', isNotIn: [150, '180'] }, ['pear', 'plum', 'void']],
    ['none of some ids', { field: 'id', isNotIn: ['void', 'pear'] }, ['apple', 'plum']],
    ['none of none', { field: 'origin.country', isNotIn: [] }, ['apple', 'pear', 'plum', 'void']],
    ['a greater number', { field: 'weight', above: 150 }, ['pear']],
    ['a number not smaller', { field: 'weight', atLeast: 150 }, ['apple', 'pear']],
    ['a smaller number', { field: 'weight', below: 150.5 }, ['apple', 'plum']],
    ['a number not greater', { field: 'weight', atMost: 30 }, ['plum']],
    ['a number beyond all', { field: 'weight', below: Infinity }, ['apple', 'pear', 'plum']],
    ['a greater text', { field: 'name', above: 'Pear' }, ['plum', 'void']],
    ['a text not smaller', { field: 'name', atLeast: 'Pear' }, ['pear', 'plum', 'void']],
    ['a smaller text', { field: 'name', below: 'P' }, ['apple']],
    [
      'a text not greater, any Unicode',
      { field: 'name', atMost: '\u{1F34F}' },
      ['apple', 'pear', 'plum', 'void'],
    ],
    ['a greater id', { field: 'id', above: 'pear' }, ['plum', 'void']],
    ['an id, never by a number', { field: 'id', above: 0 }, []],
    ['text, never by a number', { field: 'name', above: 0 }, []],
    ['a number, never by a text', { field: 'weight', below: 'z' }, []],
    ['true and false, which are no numbers', { field: 'isRipe', atLeast: 0 }, []],
    ['null in an object, which has no order', { field: 'origin.country', atMost: 'ZZ' }, ['apple', 'plum']],
    ['what is no number at all', { field: 'weight', atLeast: NaN }, []],
    [
      'between two',
      {
        all: [
          { field: 'weight', above: 30 },
          { field: 'weight', below: 180 },
        ],
      },
      ['apple'],
    ],
    ['an array that has it', { field: 'colours', has: 'red' }, ['apple', 'plum']],
    ['an array that has it, undeclared', { field: 'marks', has: '7' }, ['plum']],
    ['an array that has the number', { field: 'marks', has: 7 }, ['plum']],
    ['an array that does not', { field: 'colours', has: 'Red' }, []],
    [
      'all',
      {
        all: [
          { field: 'colours', has: 'red' },
          { field: 'weight', is: 30 },
        ],
      },
      ['plum'],
    ],
    ['all of none', { all: [] }, ['apple', 'pear', 'plum', 'void']],
    [
      'any',
      {
        any: [
          { field: 'id', is: 'void' },
          { field: 'colours', has: 'red' },
        ],
      },
      ['apple', 'plum', 'void'],
    ],
    ['any of none', { any: [] }, []],
    [
      'all of any',
      {
        all: [
          {
            any: [
              { field: 'weight', is: 150 },
              { field: 'weight', is: 30 },
            ],
          },
          {
            any: [
              { field: 'colours', has: 'blue' },
              { field: 'colours', has: 'black' },
            ],
          },
        ],
      },
      ['plum'],
    ],
  ];

  it('finds by what a filter asks for, before and after an update, alone and in a transaction', async () => {
    await using opened = await open();
    const { documents } = opened;
    await fill(documents);
    for (const collection of [fruits, stones]) {
      for (const [what, where, ids] of filters) {
        expect([what, ...(await idsOf(documents.find(collection, { where })))]).toEqual([what, ...ids]);
      }
    }
    await documents.transaction(async (tx) => {
      await tx.update(fruits, 'apple', (apple) => ({ ...apple, colours: ['yellow', 'yellow'] }));
      await tx.delete(fruits, 'plum');
      await tx.insert(fruits, 'new', { name: 'New', colours: ['red'] });
      expect(await idsOf(tx.find(fruits, { where: { field: 'colours', has: 'red' } }))).toEqual(['new']);
      expect(await idsOf(documents.find(fruits, { where: { field: 'colours', has: 'red' } }))).toEqual([
        'apple',
        'plum',
      ]);
    });
    const found = (has: string) => idsOf(documents.find(fruits, { where: { field: 'colours', has } }));
    expect([await found('red'), await found('yellow'), await found('green')]).toEqual([
      ['new'],
      ['apple'],
      ['pear'],
    ]);
  });

  it('takes no name of a field that could be anything else', async () => {
    await using opened = await open();
    for (const field of ["name') OR 1=1 --", '', 'a b', '$']) {
      const where = { field: field as 'name', is: 1 }; // what the compiler refuses
      await expect(opened.documents.find(fruits, { where })).rejects.toThrow('is no name of a field');
    }
  });

  it.each(['asc', 'desc'] as const)(
    'lists by creation (%s), page by page, whatever comes and goes between',
    async (sort) => {
      await using opened = await open();
      const { documents } = opened;
      for (let n = 0; n < 9; n++)
        await documents.insert(fruits, `f${(n * 7) % 9}`, { name: `${n}`, colours: [] });
      const all = await idsOf(documents.find(fruits, { sort }));
      const first = await documents.find(fruits, { sort, limit: 4 });
      expect([first.items.map(({ id }) => id), first.totalCount]).toEqual([all.slice(0, 4), 9]);
      await documents.delete(fruits, all[3]!);
      await documents.delete(fruits, all[5]!);
      await documents.insert(fruits, 'late', { name: 'late', colours: [] });
      const rest = await walk(documents, { sort, limit: 2, after: first.next! });
      const expected = all.slice(4).filter((_, index) => index !== 1);
      expect(rest).toEqual(sort === 'asc' ? [...expected, 'late'] : expected);
    },
  );

  it('says how many match behind a place, and where the next page begins', async () => {
    await using opened = await open();
    await fill(opened.documents);
    const query = { where: { field: 'colours', has: 'green' } } as const satisfies Query<Fruit>;
    const find = (more: Query<Fruit>) => opened.documents.find(fruits, { ...query, ...more });
    const first = await find({ limit: 1 });
    expect(first).toMatchObject({ totalCount: 2, next: { id: 'apple' } });
    expect(await find({ limit: 1, after: first.next! })).toMatchObject({ totalCount: 1, next: null });
    expect(await find({ limit: 2 })).toMatchObject({ totalCount: 2, next: null });
    expect(await find({ limit: 0 })).toEqual({ items: [], totalCount: 2, next: null });
    expect(await find({ after: { creationUtc: '9999', id: '' } })).toEqual({
      items: [],
      totalCount: 0,
      next: null,
    });
  });

  it('does all of a transaction', async () => {
    await using opened = await open();
    const { documents } = opened;
    await fill(documents);
    const answer = await documents.transaction(async (tx) => {
      await tx.insert(fruits, 'fig', { name: 'Fig', colours: [] });
      await tx.update(fruits, 'fig', (fig) => ({ ...fig, weight: 5 }));
      await tx.delete(fruits, 'pear');
      await tx.insert(stones, 'fig', { name: 'Stone', colours: [] });
      expect(await documents.get(fruits, 'fig')).toBeUndefined();
      return (await tx.get(fruits, 'fig'))?.weight;
    });
    expect(answer).toBe(5);
    const reopened = await opened.reopen();
    expect(await reopened.get(fruits, 'fig')).toMatchObject({ weight: 5 });
    expect(await reopened.get(fruits, 'pear')).toBeUndefined();
    expect(await reopened.get(stones, 'fig')).toBeDefined();
  });

  it('does nothing of a transaction that fails, wherever it fails', async () => {
    await using opened = await open();
    const { documents } = opened;
    await fill(documents);
    const before = await documents.find(fruits);
    const failing = (last: () => Promise<unknown>) =>
      documents.transaction(async (tx) => {
        await tx.insert(fruits, 'fig', { name: 'Fig', colours: ['red'] });
        await tx.update(fruits, 'pear', (pear) => ({ ...pear, weight: 5 }));
        await tx.delete(fruits, 'apple');
        await tx.insert(fruits, 'apple', { name: 'Plum', colours: [] }).catch(() => {});
        return last();
      });
    await expect(failing(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await expect(
      documents.transaction(async (tx) => {
        await tx.delete(fruits, 'void');
        await tx.insert(fruits, 'pear', { name: 'Twice', colours: [] });
      }),
    ).rejects.toThrow(IdTakenError);
    expect(await documents.find(fruits)).toEqual(before);
    expect(await idsOf(documents.find(fruits, { where: { field: 'colours', has: 'red' } }))).toEqual([
      'apple',
      'plum',
    ]);
    expect(await (await opened.reopen()).find(fruits)).toEqual(before);
  });

  it('runs transactions one after the other, each upon what the one before it left', async () => {
    await using opened = await open();
    const { documents } = opened;
    const outcomes = await Promise.allSettled(
      Array.from({ length: 50 }, (_, n) =>
        documents.transaction(async (tx) => {
          const { totalCount } = await tx.find(fruits);
          await tx.insert(fruits, `n${totalCount}`, { name: `${n}`, colours: [] });
          if (n % 5 === 0) throw new Error('given up');
          return totalCount;
        }),
      ),
    );
    const counts = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    expect(counts).toEqual(Array.from({ length: 40 }, (_, n) => n));
    expect((await documents.find(fruits)).totalCount).toBe(40);
  });

  it('refuses what a transaction did not await', async () => {
    await using opened = await open();
    let late: Promise<unknown> | undefined;
    await opened.documents.transaction(async (tx) => {
      late = new Promise(setImmediate).then(() => tx.insert(fruits, 'late', { name: 'Late', colours: [] }));
    });
    await expect(late).rejects.toThrow('The transaction is over');
    expect(await opened.documents.get(fruits, 'late')).toBeUndefined();
  });

  it('tells what was committed, in order, and before it answers', async () => {
    await using opened = await open();
    const { documents } = opened;
    const told: (readonly Change[])[] = [];
    const stop = documents.onCommitted((changes) => told.push(changes));
    const fig = await documents.insert(fruits, 'fig', { name: 'Fig', colours: [] });
    expect(told).toEqual([[{ collection: 'fruits', id: 'fig', document: fig }]]);
    await documents
      .transaction(async (tx) => {
        await tx.delete(fruits, 'fig');
        throw new Error('no');
      })
      .catch(() => {});
    await documents.get(fruits, 'fig');
    expect(told.length).toBe(1);
    await documents.delete(fruits, 'fig');
    expect(told.flat().at(-1)).toEqual({ collection: 'fruits', id: 'fig', document: undefined });
    stop();
    await documents.insert(fruits, 'fig', { name: 'Fig', colours: [] });
    expect(told.length).toBe(2);
  });

  it('finishes what was begun when it is closed, and takes nothing more', async () => {
    await using opened = await open();
    const { documents } = opened;
    const begun = Array.from({ length: 20 }, (_, n) =>
      documents.insert(fruits, `${n}`, { name: `${n}`, colours: [] }),
    );
    const reopened = await opened.reopen();
    await Promise.all(begun);
    expect((await reopened.find(fruits)).totalCount).toBe(20);
    await documents.close();
    await expect(documents.get(fruits, '1')).rejects.toThrow(DocumentsUnavailableError);
    await expect(documents.find(fruits)).rejects.toThrow(DocumentsUnavailableError);
    await expect(documents.delete(fruits, '1')).rejects.toThrow(DocumentsUnavailableError);
  });
}

async function fill(documents: DocumentStore): Promise<void> {
  await documents.transaction(async (tx) => {
    for (const [id, fruit] of Object.entries(basket)) {
      await tx.insert(fruits, id, fruit);
      await tx.insert(stones, id, fruit);
    }
  });
}

async function idsOf(page: Promise<Page<Fruit>>): Promise<readonly string[]> {
  return (await page).items.map(({ id }) => id);
}

async function walk(documents: DocumentStore, query: Query<Fruit>): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let after = query.after; ;) {
    const { items, next } = await documents.find(fruits, { ...query, ...(after && { after }) });
    ids.push(...items.map(({ id }) => id));
    if (!next) return ids;
    after = next;
  }
}
