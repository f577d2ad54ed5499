import { Parlant } from 'parlant-client';
import { describe, expect, it } from 'vitest';
import { guidelineCollection, guidelineDefaults } from '../../src/entities/collections/guideline.ts';
import { relationshipCollection } from '../../src/entities/collections/relationship.ts';
import { putRelationship } from '../../src/entities/relationship-rules.ts';
import { RelationshipCycleError } from '../../src/errors.ts';
import { openEntityDocuments } from '../support/entity-documents.ts';
import { expectRefusal, startWithClient, type ParlantClient } from '../support/parlant-client.ts';
import { createToolService, createUnreachableService } from '../support/tool-service.ts';

const anId = expect.stringMatching(/^[0-9A-Za-z]{10}$/);
const { Dependency, Disambiguation, Entailment, Overlap, Priority, Reevaluation } =
  Parlant.RelationshipKindDto;

const prices = { serviceName: 'shop', toolName: 'prices' };
const orders = { serviceName: 'shop', toolName: 'orders' };

/** With guidelines `g1` … `g5`, and tools. */
async function start() {
  const shop = { ...createToolService('prices', 'orders') };
  const at = await startWithClient({
    services: new Map([
      ['shop', shop],
      ['far', createUnreachableService('far')],
    ]),
  });
  for (const id of ['g1', 'g2', 'g3', 'g4', 'g5']) await at.client.guidelines.create({ id, condition: id });
  return { ...at, shop };
}

/** Each relationship as `source kind target`. */
function spell(relationships: readonly Parlant.Relationship[]): string[] {
  return relationships.map(({ kind, ...ends }) => {
    const source = ends.sourceGuideline?.id ?? ends.sourceTag?.id ?? ends.sourceTool?.name;
    const target = ends.targetGuideline?.id ?? ends.targetTag?.id ?? ends.targetTool?.name;
    return `${source} ${kind} ${target}`;
  });
}

const link = (
  { relationships }: ParlantClient,
  source: string,
  target: string,
  kind: Parlant.RelationshipKindDto = Entailment,
) => relationships.create({ sourceGuideline: source, targetGuideline: target, kind });

describe('relationships, with the official client', () => {
  it('are created with what is at their ends, read, listed and deleted', async () => {
    await using at = await start();
    const { relationships, guidelines } = at.client;
    const source = await guidelines.create({
      condition: 'c',
      action: 'a',
      description: 'd',
      criticality: Parlant.CriticalityDto.High,
      labels: ['l'],
      track: false,
      priority: 3,
    });
    const made = await relationships.create({
      sourceGuideline: source.id,
      targetGuideline: 'g2',
      kind: Priority,
    });
    const target = (await guidelines.retrieve('g2')).guideline;
    expect(made).toMatchObject({
      id: anId,
      kind: 'priority',
      sourceGuideline: source,
      targetGuideline: target,
    });
    expect([made.sourceTag, made.sourceTool, made.targetTag, made.targetTool]).toEqual(
      Array(4).fill(undefined),
    );
    expect(await relationships.retrieve(made.id)).toEqual(made);
    expect(await relationships.list()).toEqual([made]);
    expect((await guidelines.retrieve(source.id)).relationships).toEqual([made]);
    await relationships.delete(made.id);
    await expectRefusal(relationships.retrieve(made.id), 404, 'RELATIONSHIP_NOT_FOUND');
    await expectRefusal(relationships.delete(made.id), 404, 'RELATIONSHIP_NOT_FOUND');
    expect(await relationships.list()).toEqual([]);
  });

  it.each([Entailment, Priority, Dependency, Disambiguation, Reevaluation])(
    'of the kind %s are between guidelines and tags, either way',
    async (kind) => {
      await using at = await start();
      const { relationships, tags } = at.client;
      const [a, b] = [await tags.create({ name: 'a' }), await tags.create({ name: 'b' })];
      await link(at.client, 'g1', 'g2', kind);
      await relationships.create({ sourceGuideline: 'g2', targetTag: a.id, kind });
      await relationships.create({ sourceTag: a.id, targetTag: b.id, kind });
      await relationships.create({ sourceTag: b.id, targetGuideline: 'g3', kind });
      expect(spell(await relationships.list({ kind }))).toEqual([
        `g1 ${kind} g2`,
        `g2 ${kind} ${a.id}`,
        `${a.id} ${kind} ${b.id}`,
        `${b.id} ${kind} g3`,
      ]);
    },
  );

  it('reach agents, journeys and their nodes by their tags, and name them', async () => {
    await using at = await start();
    const { relationships, agents, journeys, tags } = at.client;
    const agent = await agents.create({ name: 'Ünal 🤖' });
    const journey = await journeys.create({ title: 'Kaufen', description: '', conditions: ['they buy'] });
    const vip = await tags.create({ name: 'vip' });
    const { body: node } = await at.server
      .http()
      .post(`/journeys/${journey.id}/nodes`)
      .send({ action: 'ask for the size' })
      .expect(201);
    const names = new Map([
      [vip.id, 'vip'],
      ['agent:echo', 'Echo'],
      [`agent:${agent.id}`, 'Ünal 🤖'],
      [`journey:${journey.id}`, 'Kaufen'],
      [`journey_node:${node.id}`, 'ask for the size'],
    ]);
    for (const [id, name] of names) {
      const made = await relationships.create({ sourceGuideline: 'g1', targetTag: id, kind: Dependency });
      expect(made.targetTag).toEqual({ id, name });
      expect(await relationships.list({ tagId: id })).toEqual([made]);
    }
    const whole = await at.client.guidelines.retrieve('g1');
    expect(whole.relationships.map(({ targetTag }) => targetTag?.name)).toEqual([...names.values()]);
  });

  it('are between tools that overlap, and make guidelines be matched again behind a tool', async () => {
    await using at = await start();
    const { relationships, guidelines } = at.client;
    const overlap = await relationships.create({ sourceTool: prices, targetTool: orders, kind: Overlap });
    expect(overlap).toMatchObject({
      sourceTool: {
        name: 'prices',
        description: '',
        parameters: {},
        required: [],
        creationUtc: expect.any(Date),
      },
      targetTool: { name: 'orders' },
      source_tool_id: { service_name: 'shop', tool_name: 'prices' },
    });
    const again = await relationships.create({
      sourceGuideline: 'g1',
      targetTool: orders,
      kind: Reevaluation,
    });
    expect((await guidelines.retrieve('g1')).relationships).toEqual([again]);
    expect(await relationships.list({ toolId: 'shop:orders' })).toEqual([overlap, again]);
    expect(await relationships.list({ toolId: 'shop:prices' })).toEqual([overlap]);
    expect(await relationships.list({ kind: Overlap })).toEqual([overlap]);
  });

  it('are shown also when the server of a tool does not answer, or not in time', async () => {
    await using at = await start();
    const { guidelines, relationships } = at.client;
    const reevaluate = { sourceGuideline: 'g1', targetTool: prices, kind: Reevaluation };
    const made = await relationships.create(reevaluate);
    const far = { ...reevaluate, targetTool: { serviceName: 'far', toolName: 'any' } };
    await expectRefusal(relationships.create(far, { maxRetries: 0 }), 503, 'SERVICE_UNAVAILABLE');
    at.shop.list = () => Promise.reject(new Error('down'));
    const { targetTool: _, ...rest } = made;
    expect(await relationships.retrieve(made.id)).toEqual(rest);
    expect(await relationships.list({ toolId: 'shop:prices' })).toEqual([rest]);
    at.shop.list = () => new Promise(() => {});
    expect((await guidelines.retrieve('g1')).relationships).toEqual([rest]);
    expect(rest).toMatchObject({ target_tool_id: { service_name: 'shop', tool_name: 'prices' } });
  });

  it('are listed by kind and by entity, directly or with what is reached further on', async () => {
    await using at = await start();
    const { relationships } = at.client;
    await link(at.client, 'g1', 'g2');
    await link(at.client, 'g2', 'g3');
    await link(at.client, 'g3', 'g4');
    await link(at.client, 'g1', 'g4', Priority);
    await link(at.client, 'g4', 'g5', Priority);
    const list = async (query: Parlant.RelationshipsListRequest) => spell(await relationships.list(query));
    const chain = ['g1 entailment g2', 'g2 entailment g3', 'g3 entailment g4'];
    const ranks = ['g1 priority g4', 'g4 priority g5'];
    expect(await list({})).toEqual([...chain, ...ranks]);
    expect(await list({ kind: Priority })).toEqual(ranks);
    expect(await list({ guidelineId: 'g2' })).toEqual(chain);
    expect(await list({ guidelineId: 'g2', indirect: false })).toEqual(chain.slice(0, 2));
    expect(await list({ guidelineId: 'g4' })).toEqual([...chain, ...ranks]);
    expect(await list({ guidelineId: 'g4', kind: Entailment })).toEqual(chain);
    expect(await list({ guidelineId: 'g4', kind: Entailment, indirect: false })).toEqual(chain.slice(2));
    expect(await list({ guidelineId: 'g4', kind: Overlap })).toEqual([]);
    expect(spell((await at.client.guidelines.retrieve('g3')).relationships)).toEqual(chain);
    const updated = await at.client.guidelines.update('g5', { condition: 'new' });
    expect(spell(updated.relationships)).toEqual(ranks);
  });

  it('are there once however often they are created, also at the same time', async () => {
    await using at = await start();
    const made = await Promise.all(Array.from({ length: 10 }, () => link(at.client, 'g1', 'g2')));
    expect(new Set(made.map(({ id }) => id)).size).toBe(1);
    expect(await at.client.relationships.list()).toEqual([made[0]]);
  });

  it('can be dependencies of which one in a group is enough, on any of what has a tag', async () => {
    await using at = await start();
    const vip = await at.client.tags.create({ name: 'vip' });
    const http = at.server.http();
    const create = async (more: object) =>
      (
        await http
          .post('/relationships')
          .send({ kind: 'dependency_any', source_guideline: 'g1', target_tag: vip.id, ...more })
          .expect(201)
      ).body;
    const any = await create({ group_id: 'q', target_tag_match: 'any' });
    expect(any).toMatchObject({
      kind: 'dependency_any',
      group_id: 'q',
      source_tag_match: null,
      target_tag: vip,
      target_tag_match: 'any',
      target_tool_id: null,
    });
    const all = await create({});
    expect(all).toEqual({ ...any, group_id: null, target_tag_match: 'all' });
    expect((await http.get(`/relationships?tag_id=${vip.id}&kind=dependency_any`)).body).toEqual([all]);
    expect((await at.client.guidelines.retrieve('g1')).relationships.length).toBe(1);
    const journey = await at.client.journeys.create({ title: 'J', description: '', conditions: [] });
    const whole = await create({ target_tag: `journey:${journey.id}`, target_tag_match: 'any' });
    expect(whole.target_tag_match).toBe('all');
  });
});

describe('bad relationships', () => {
  const g1 = { source_guideline: 'g1' };
  const prices = { service_name: 'shop', tool_name: 'prices' };

  const cases: readonly [what: string, body: object, status: number, code: string][] = [
    ['no source', { target_guideline: 'g2' }, 422, 'RELATIONSHIP_INVALID'],
    ['no target', g1, 422, 'RELATIONSHIP_INVALID'],
    ['guideline and tag', { ...g1, source_tag: 'TAG', target_guideline: 'g2' }, 422, 'RELATIONSHIP_INVALID'],
    ['guideline and tool', { ...g1, target_tag: 'TAG', target_tool: prices }, 422, 'RELATIONSHIP_INVALID'],
    ['a guideline and itself', { ...g1, target_guideline: 'g1' }, 422, 'RELATIONSHIP_INVALID'],
    ['a tag and itself', { source_tag: 'TAG', target_tag: 'TAG' }, 422, 'RELATIONSHIP_INVALID'],
    [
      'a tag and any of itself',
      { source_tag: 'TAG', target_tag: 'TAG', target_tag_match: 'any' },
      422,
      'RELATIONSHIP_INVALID',
    ],
    [
      'a tool and itself',
      { kind: 'overlap', source_tool: prices, target_tool: prices },
      422,
      'RELATIONSHIP_INVALID',
    ],
    ['a tool that comes first', { source_tool: prices, target_guideline: 'g1' }, 422, 'RELATIONSHIP_INVALID'],
    [
      'guidelines that overlap',
      { kind: 'overlap', ...g1, target_guideline: 'g2' },
      422,
      'RELATIONSHIP_INVALID',
    ],
    ['a group of priorities', { ...g1, target_guideline: 'g2', group_id: 'q' }, 422, 'RELATIONSHIP_INVALID'],
    ['an unknown guideline', { ...g1, target_guideline: 'none' }, 404, 'GUIDELINE_NOT_FOUND'],
    ['an unknown source', { source_guideline: 'none', target_guideline: 'g1' }, 404, 'GUIDELINE_NOT_FOUND'],
    ['an unknown tag', { ...g1, target_tag: 'none' }, 404, 'TAG_NOT_FOUND'],
    ['an unknown agent', { ...g1, target_tag: 'agent:none' }, 404, 'TAG_NOT_FOUND'],
    ['an unknown journey', { ...g1, target_tag: 'journey:none' }, 404, 'TAG_NOT_FOUND'],
    ['an unknown node', { source_tag: 'journey_node:none', target_guideline: 'g1' }, 404, 'TAG_NOT_FOUND'],
    ['the tag of a guideline', { ...g1, target_tag: 'guideline:g2' }, 404, 'TAG_NOT_FOUND'],
    [
      'an unknown tool',
      { kind: 'reevaluation', ...g1, target_tool: { ...prices, tool_name: 'none' } },
      404,
      'TOOL_NOT_FOUND',
    ],
    ['an unknown kind', { kind: 'implication', ...g1, target_guideline: 'g2' }, 422, 'INVALID_REQUEST'],
    ['no kind', { kind: null, ...g1, target_guideline: 'g2' }, 422, 'INVALID_REQUEST'],
    ['half a tool', { kind: 'reevaluation', ...g1, target_tool: { tool_name: 'x' } }, 422, 'INVALID_REQUEST'],
  ];

  it('are refused with what is wrong, and not stored', async () => {
    await using at = await start();
    const tag = await at.client.tags.create({ name: 'tag' });
    for (const [what, body, status, code] of cases) {
      const text = JSON.stringify({ kind: 'priority', ...body }).replaceAll('"TAG"', `"${tag.id}"`);
      const post = at.server.http().post('/relationships').set('Content-Type', 'application/json');
      const answer = await post.send(text);
      expect([what, answer.status, answer.body.code]).toEqual([what, status, code]);
      // Rules are told in a text, as in Parlant, what does not fit the schema in a list.
      const isList = Array.isArray(answer.body.detail);
      expect([what, isList]).toEqual([what, code === 'INVALID_REQUEST']);
    }
    expect(await at.client.relationships.list()).toEqual([]);
  });

  it('that would close a circle are refused, of each kind by itself', async () => {
    await using at = await start();
    await link(at.client, 'g1', 'g2');
    await link(at.client, 'g2', 'g3');
    await link(at.client, 'g3', 'g4');
    await expectRefusal(link(at.client, 'g4', 'g1'), 422, 'RELATIONSHIP_CYCLE');
    await expectRefusal(link(at.client, 'g3', 'g2'), 422, 'RELATIONSHIP_CYCLE');
    await link(at.client, 'g4', 'g1', Priority);
    await link(at.client, 'g4', 'g1', Dependency);
    expect((await at.client.relationships.list()).length).toBe(5);
  });

  it('that would close a circle from different clients at once: one of them is refused', async () => {
    await using at = await start();
    const ends = [
      ['g1', 'g2'],
      ['g2', 'g3'],
      ['g3', 'g1'],
    ] as const;
    const made = await Promise.allSettled(ends.map(([source, target]) => link(at.client, source, target)));
    expect(made.filter(({ status }) => status === 'fulfilled').length).toBe(2);
    expect((await at.client.relationships.list()).length).toBe(2);
  });

  it('are not listed by what is none', async () => {
    await using at = await start();
    const queries = [
      ['kind=implication', 422],
      ['indirect=perhaps', 422],
      ['tool_id=shop', 422],
      ['tool_id=:prices', 422],
      ['guideline_id=g1&tag_id=any', 422],
      ['guideline_id=', 422],
      ['guideline_id=none', 404],
      ['tag_id=none', 404],
      ['tag_id=journey:none', 404],
      ['tool_id=shop:none', 404],
      ['tool_id=none:prices', 404],
      ['tool_id=far:any', 503],
    ] as const;
    for (const [query, status] of queries) {
      const answer = await at.server.http().get(`/relationships?${query}`);
      expect([query, answer.status, answer.body.code]).toEqual([query, status, expect.any(String)]);
    }
  });
});

describe('an import', () => {
  it('of a circle stores nothing of what came before it', async () => {
    await using at = await openEntityDocuments();
    const { documents } = at;
    const size = 300;
    const end = (n: number) => ({ type: 'guideline', id: `g${n % size}` }) as const;
    const imported = documents.transaction(async (tx) => {
      for (let n = 0; n < size; n++) {
        await tx.insert(guidelineCollection, end(n).id, { ...guidelineDefaults, condition: `c${n}` });
      }
      for (let n = 0; n < size; n++) {
        await putRelationship(tx, { kind: 'dependency', source: end(n), target: end(n + 1), groupId: null });
      }
    });
    await expect(imported).rejects.toThrow(RelationshipCycleError);
    expect((await documents.find(guidelineCollection)).items).toEqual([]);
    expect((await documents.find(relationshipCollection)).items).toEqual([]);
  });
});
