import { once } from 'node:events';
import { Parlant } from 'parlant-client';
import { describe, expect, it } from 'vitest';
import { NlpError } from '../../src/errors.ts';
import type { NlpService } from '../../src/nlp/nlp.ts';
import { createScriptedNlp, type Script } from '../support/composer.ts';
import { plainAnswers } from '../support/indexing.ts';
import { expectRefusal, startWithClient } from '../support/parlant-client.ts';
import { startServer } from '../support/server.ts';
import { createToolService, createUnreachableService } from '../support/tool-service.ts';

const services = new Map([
  ['shop', createToolService('search', 'buy')],
  ['far', createUnreachableService('far')],
]);
const search = { serviceName: 'shop', toolName: 'search' };

const guideline = (
  content: Parlant.GuidelineContent,
  more: Partial<Parlant.GuidelinePayload> = {},
): Parlant.Payload => ({
  kind: 'guideline',
  guideline: {
    content,
    toolIds: [],
    operation: Parlant.GuidelinePayloadOperationDto.Add,
    propertiesProposition: true,
    ...more,
  },
});

function startEvaluating({ script = {}, onAsk }: { script?: Script; onAsk?: () => Promise<void> } = {}) {
  const nlp = createScriptedNlp({ ...plainAnswers, ...script }, { ...(onAsk && { onAsk }) });
  return startWithClient({ services, nlp });
}

const nothingSpecial = {
  continuous: false,
  customer_dependent_action_data: { is_customer_dependent: false, customer_action: null, agent_action: null },
  agent_intention_condition: null,
};

describe('an evaluation, with the official client', () => {
  it('is begun at once, waited for, and tells what was found; nothing is written to any guideline', async () => {
    const gate = Promise.withResolvers<void>();
    await using at = await startEvaluating({ onAsk: () => gate.promise });
    const { evaluations } = at.client;
    const content = { condition: 'They ask for the price', action: 'Tell it' };
    const begun = await evaluations.create({ payloads: [guideline(content)] });
    expect(begun).toMatchObject({ status: 'pending', progress: 0, creationUtc: expect.any(Date) });
    expect(begun.invoices).toEqual([
      {
        payload: {
          kind: 'guideline',
          guideline: {
            content,
            toolIds: [],
            operation: 'add',
            actionProposition: false,
            propertiesProposition: true,
            journeyNodeProposition: false,
          },
        },
        checksum: expect.stringMatching(/^[0-9a-f]{64}$/),
        approved: false,
      },
    ]);
    const waiting = evaluations.retrieve(begun.id);
    gate.resolve();
    const done = await waiting;
    expect(done).toMatchObject({ id: begun.id, status: 'completed', progress: 100 });
    expect(done.invoices[0]).toMatchObject({
      approved: true,
      data: { guideline: { propertiesProposition: nothingSpecial } },
    });
    expect(await evaluations.retrieve(begun.id, { waitForCompletion: 0 })).toEqual(done);
    expect(await at.client.guidelines.list()).toEqual([]);
  });

  it('proposes what to do where there are only tools, and tells of steps what is said of steps', async () => {
    await using at = await startEvaluating();
    const wants = { actionProposition: true, propertiesProposition: false };
    const { id } = await at.client.evaluations.create({
      payloads: [
        guideline({ condition: 'They look' }, { toolIds: [search], ...wants }),
        guideline({ condition: 'They look', action: 'Help' }, { toolIds: [search], ...wants }),
        guideline(
          { condition: '', action: 'Ask' },
          { journeyNodeProposition: true, propertiesProposition: false },
        ),
        guideline({ condition: 'They wave' }),
      ],
    });
    const { invoices } = await at.client.evaluations.retrieve(id);
    const { customer_dependent_action_data: parts } = nothingSpecial;
    expect(invoices.map(({ data }) => data?.guideline)).toEqual([
      { actionProposition: 'use shop:search' },
      {},
      { propertiesProposition: { tool_running_only: false, customer_dependent_action_data: parts } },
      { propertiesProposition: { agent_intention_condition: null } },
    ]);
  });

  it('asks nothing that is known', async () => {
    let count = 0;
    await using at = await startEvaluating({ onAsk: async () => void (count += 1) });
    const payloads = [guideline({ condition: 'They ask', action: 'Answer' })];
    for (let n = 0; n < 3; n += 1) {
      const { id } = await at.client.evaluations.create({ payloads });
      await at.client.evaluations.retrieve(id);
    }
    await at.server.restart();
    const { id } = await at.client.evaluations.create({ payloads });
    expect(await at.client.evaluations.retrieve(id)).toMatchObject({ status: 'completed' });
    expect(count).toBe(3);
  });

  it('that fails says so, and what did not', async () => {
    const failure = new NlpError('scripted', 'it was not JSON');
    const script: Script = {
      continuous: ({ action }) => (action === 'Fail' ? failure : { isContinuous: true }),
    };
    await using at = await startEvaluating({ script });
    const { id } = await at.client.evaluations.create({
      payloads: [
        guideline({ condition: 'one', action: 'Answer' }),
        guideline({ condition: 'two', action: 'Fail' }),
      ],
    });
    const done = await at.client.evaluations.retrieve(id);
    expect(done).toMatchObject({
      status: 'failed',
      progress: 100,
      error: `1 of 2 could not be evaluated: ${failure.message}`,
    });
    expect(done.invoices).toMatchObject([
      { approved: true, data: { guideline: { propertiesProposition: { continuous: true } } } },
      { approved: false, error: failure.message },
    ]);
  });
});

describe('waiting for an evaluation', () => {
  it('ends with 504 when it takes longer, and not at all where nobody wants to wait', async () => {
    await using at = await startEvaluating({ onAsk: () => new Promise(() => {}) });
    const { id } = await at.client.evaluations.create({
      payloads: [guideline({ condition: 'They ask', action: 'Answer' })],
    });
    const get = (wait: string) => at.server.http().get(`/evaluations/${id}?wait_for_completion=${wait}`);
    expect((await get('0').expect(200)).body).toMatchObject({ id, progress: 0, error: null });
    expect((await get('1').expect(504)).body).toMatchObject({ code: 'POLL_TIMED_OUT' });
    for (const wait of ['-1', '1.5', 'soon', '']) {
      const { body } = await get(wait).expect(422);
      expect(body.detail[0].loc).toEqual(['query', 'wait_for_completion']);
    }
    const { body } = await at.server.http().get('/evaluations/nobody').expect(404);
    expect(body).toMatchObject({ code: 'EVALUATION_NOT_FOUND' });
  });

  it('ends with the server, after which it has failed', async () => {
    const nlp: NlpService = {
      ...createScriptedNlp({}),
      ask: (_question, _input, { signal }) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    };
    await using at = await startWithClient({ services, nlp });
    const payloads = [guideline({ condition: 'They ask', action: 'Answer' })];
    const { id } = await at.client.evaluations.create({ payloads });
    const arrived = once(at.server.server, 'request');
    const waiting = fetch(`${at.server.url}/evaluations/${id}`);
    await arrived;
    const [answer] = await Promise.all([waiting, at.server.stop()]);
    expect([answer.status, await answer.json()]).toMatchObject([503, { code: 'SHUTTING_DOWN' }]);
    await at.server.restart();
    expect(await at.client.evaluations.retrieve(id)).toMatchObject({
      status: 'failed',
      error: expect.stringContaining('The server ended before'),
    });
  });
});

describe('what is no evaluation', () => {
  const content = { condition: 'They ask', action: 'Answer' };
  const payload = { content, tool_ids: [], operation: 'add', properties_proposition: true };
  const whole = (guideline: unknown) => ({ payloads: [{ kind: 'guideline', guideline }] });
  const inGuideline = (...path: (string | number)[]) => ['body', 'payloads', 0, 'guideline', ...path];
  const { tool_ids: _, ...withoutTools } = payload;

  it.each<[unknown, (string | number)[]]>([
    [{}, ['body', 'payloads']],
    [{ payloads: [] }, ['body', 'payloads']],
    [{ payloads: Array.from({ length: 101 }, () => whole(payload).payloads[0]) }, ['body', 'payloads']],
    [{ payloads: [{ kind: 'journey', guideline: payload }] }, ['body', 'payloads', 0, 'kind']],
    [{ payloads: [{ kind: 'guideline' }] }, inGuideline()],
    [whole(withoutTools), inGuideline('tool_ids')],
    [whole({ ...payload, content: {} }), inGuideline('content', 'condition')],
    [whole({ ...payload, content: { condition: 'a\0' } }), inGuideline('content', 'condition')],
    [whole({ ...payload, operation: 'remove' }), inGuideline('operation')],
    [whole({ ...payload, operation: 'update' }), inGuideline('updated_id')],
    [whole({ ...payload, properties_proposition: false }), inGuideline('action_proposition')],
    [whole({ ...payload, properties_proposition: 'yes' }), inGuideline('properties_proposition')],
    [whole({ ...payload, tool_ids: ['shop:search'] }), inGuideline('tool_ids', 0)],
  ])('%j', async (body, loc) => {
    await using server = await startServer({ services });
    const answer = await server
      .http()
      .post('/evaluations')
      .send(body as object)
      .expect(422);
    expect(answer.body.detail.map((each: { loc: unknown }) => each.loc)).toContainEqual(loc);
    expect(answer.body.code).toBe('INVALID_REQUEST');
  });

  it('names what does not exist, or cannot be asked', async () => {
    await using at = await startEvaluating();
    const create = (more: Partial<Parlant.GuidelinePayload>) =>
      at.client.evaluations.create({ payloads: [guideline(content, more)] });
    const tool = (serviceName: string, toolName: string) => ({ toolIds: [{ serviceName, toolName }] });
    await expectRefusal(create(tool('shop', 'sell')), 404, 'TOOL_NOT_FOUND');
    await expectRefusal(create(tool('nowhere', 'search')), 404, 'TOOL_NOT_FOUND');
    await expectRefusal(create(tool('far', 'search')), 503, 'SERVICE_UNAVAILABLE');
    const { Update } = Parlant.GuidelinePayloadOperationDto;
    await expectRefusal(create({ operation: Update, updatedId: 'nobody' }), 404, 'GUIDELINE_NOT_FOUND');
    const { id } = await at.client.guidelines.create(content);
    expect(await create({ operation: Update, updatedId: id })).toMatchObject({ error: undefined });
  });

  it('is not for customers', async () => {
    await using server = await startServer();
    const refused = await server.http('ann').post('/evaluations').send(whole(payload));
    const unread = await server.http('ann').get('/evaluations/x');
    expect([refused, unread].map(({ status }) => status)).toEqual([403, 403]);
  });
});
