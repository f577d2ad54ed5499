import { describe, expect, it } from 'vitest';
import { agentCollection } from '../../src/entities/collections/agent.ts';
import { cannedResponseCollection } from '../../src/entities/collections/canned-response.ts';
import { capabilityCollection } from '../../src/entities/collections/capability.ts';
import {
  contextValueCollection,
  contextVariableCollection,
} from '../../src/entities/collections/context-variable.ts';
import { customerCollection } from '../../src/entities/collections/customer.ts';
import { tagCollection } from '../../src/entities/collections/tag.ts';
import { termCollection } from '../../src/entities/collections/term.ts';
import { PREAMBLE } from '../../src/sdk/tag.ts';
import { tool } from '../../src/tools/define-tool.ts';
import { startWriting } from './support.ts';

const fetchPlan = tool({ name: 'fetch_plan', handler: () => 'gold' });

describe('what a program defines besides guidelines', () => {
  it('agents, which word answers freely around their canned responses unless told otherwise', () => {
    const { server, defined } = startWriting();
    const tag = server.createTag('vip');
    server.createAgent({
      name: 'Night desk',
      description: 'Answers at night',
      compositionMode: 'canned_fluid',
      outputMode: 'stream',
      maxEngineIterations: 5,
      tags: [tag],
    });
    expect(defined(agentCollection)).toEqual([
      {
        id: 'clinic',
        name: 'Clinic',
        description: null,
        maxEngineIterations: 3,
        compositionMode: 'canned_fluid',
        messageOutputMode: 'block',
        tags: [],
      },
      {
        id: expect.stringMatching(/^[0-9A-Za-z]{10}$/),
        name: 'Night desk',
        description: 'Answers at night',
        maxEngineIterations: 5,
        compositionMode: 'canned_fluid',
        messageOutputMode: 'stream',
        tags: [tag.id],
      },
    ]);
  });

  it('tags by name, and customers', () => {
    const { server, defined } = startWriting();
    const tag = server.createTag({ id: 'vip', name: 'Very important' });
    server.createCustomer({ name: 'Ann', metadata: { plan: 'gold' }, tags: [tag] });
    expect(defined(tagCollection)).toEqual([{ id: 'vip', name: 'Very important' }]);
    expect(defined(customerCollection)).toMatchObject([
      { name: 'Ann', metadata: { plan: 'gold' }, tags: ['vip'] },
    ]);
  });

  it('terms and capabilities of the agent', () => {
    const { agent, defined } = startWriting();
    agent.createTerm({ name: 'referral', description: 'A letter', synonyms: ['letter'] });
    agent.createCapability({ title: 'Book', description: 'Books appointments', signals: ['see a doctor'] });
    expect(defined(termCollection)).toMatchObject([
      { name: 'referral', description: 'A letter', synonyms: ['letter'], tags: ['agent:clinic'] },
    ]);
    expect(defined(capabilityCollection)).toMatchObject([
      { title: 'Book', signals: ['see a doctor'], tags: ['agent:clinic'] },
    ]);
  });

  it('variables with their values, the last one for each', () => {
    const { server, agent, defined } = startWriting();
    const vip = server.createTag({ id: 'vip', name: 'VIP' });
    const ann = server.createCustomer({ id: 'ann', name: 'Ann' });
    const plan = agent.createVariable({ name: 'plan', tool: fetchPlan, freshnessRules: '0 3 * * *' });
    plan.setValue(ann, { level: 1 });
    plan.setValue(ann, { level: 2 });
    plan.setValue(vip, 'gold');
    plan.setValue(agent, null);
    plan.setValue('default', ['none']);
    expect(defined(contextVariableCollection)).toEqual([
      {
        id: plan.id,
        name: 'plan',
        description: null,
        toolId: 'local:fetch_plan',
        freshnessRules: '0 3 * * *',
        tags: ['agent:clinic'],
      },
    ]);
    expect(defined(contextValueCollection).map(({ key, data }) => [key, data])).toEqual([
      ['ann', { level: 2 }],
      ['tag:vip', 'gold'],
      ['agent:clinic', null],
      ['DEFAULT', ['none']],
    ]);
  });

  it('canned responses: of an agent, of everybody, and preambles', () => {
    const { server, agent, defined } = startWriting();
    const tag = server.createTag({ id: 'vip', name: 'VIP' });
    server.createCannedResponse({ template: 'Goodbye' });
    agent.createCannedResponse({ template: 'One moment', tags: [PREAMBLE, tag] });
    agent.createCannedResponse({
      template: 'Your doctor is {{doctor}}',
      signals: ['who is my doctor'],
      fields: [{ name: 'doctor', description: 'A name', examples: ['Dr. Lee'] }, { name: 'x' }],
      fieldDependencies: ['slot'],
      metadata: { card: true },
    });
    expect(defined(cannedResponseCollection)).toMatchObject([
      { value: 'Goodbye', tags: [], signals: [], fields: [], fieldDependencies: [], metadata: {} },
      { value: 'One moment', tags: ['agent:clinic', 'vip', '__preamble__'] },
      {
        value: 'Your doctor is {{doctor}}',
        signals: ['who is my doctor'],
        fields: [
          { name: 'doctor', description: 'A name', examples: ['Dr. Lee'] },
          { name: 'x', description: '', examples: [] },
        ],
        fieldDependencies: ['slot'],
        metadata: { card: true },
        tags: ['agent:clinic'],
      },
    ]);
  });

  it('in any script', () => {
    const { server, agent, defined } = startWriting();
    server.createTag('المرضى');
    agent.createTerm({ name: '推荐信 🩺', description: 'पत्र' });
    expect(defined(tagCollection)).toMatchObject([{ name: 'المرضى' }]);
    expect(defined(termCollection)).toMatchObject([{ name: '推荐信 🩺', description: 'पत्र' }]);
  });
});
