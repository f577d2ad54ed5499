import { describe, expect, it } from 'vitest';
import { createColloquy } from '../../src/colloquy.ts';
import { createFlows, type FlowConfig } from '../../src/voice/flows.ts';
import { createServer } from '../../src/sdk/server.ts';
import { createEchoAgent } from '../../src/agents/echo-agent.ts';
import { createDataFolder } from '../support/data-folder.ts';
import { intake } from '../support/voice-server.ts';

describe('a flow', () => {
  it('belongs to the default organisation, and has no language, where it names none', () => {
    const flows = createFlows([{ id: 'intake', agent: 'echo', greeting: ' Hello. ' }]);
    expect(flows.list('default')).toEqual([
      { id: 'intake', agentId: 'echo', greeting: 'Hello.', orgId: 'default', locale: null, eventRoles: {} },
    ]);
  });

  it.each([
    [
      { id: 'in take' },
      'The flow "in take" cannot be used: id: must be 1 to 64 characters of A-Z a-z 0-9 _ -.',
    ],
    [{ id: '' }, /^The flow "" cannot be used: id: must be/],
    [{ id: 'x'.repeat(65) }, /id: must be 1 to 64 characters/],
    [{ agent: '' }, /^The flow "intake" cannot be used: agent: /],
    [{ greeting: '   ' }, /^The flow "intake" cannot be used: greeting: /],
    [{ greeting: undefined }, /^The flow "intake" cannot be used: greeting: /],
    [{ org: '' }, /^The flow "intake" cannot be used: org: /],
    [{ eventRoles: { 'flow.step': 'user' } }, /^The flow "intake" cannot be used: eventRoles\.flow\.step: /],
    [{ greting: 'Hi' }, /^The flow "intake" cannot be used: .*"greting"/],
  ])('that lacks something, %j, is refused in one line that names it', (change, line) => {
    const given = { ...intake, ...change } as FlowConfig;
    expect(() => createFlows([given])).toThrow(line);
    expect(() => createFlows([given])).toThrow(expect.objectContaining({ code: 'FLOW_INVALID' }));
  });

  it.each([null, 'intake', 7])('that is none, %j, is refused', (given) => {
    expect(() => createFlows([given as never])).toThrow(expect.objectContaining({ code: 'FLOW_INVALID' }));
  });

  it('has an id of its own', () => {
    expect(() => createFlows([intake, { ...intake, org: 'acme' }])).toThrow(
      'The flow "intake" cannot be used: there is another one with its id.',
    );
  });

  it('that cannot be used ends the start, and gives the data folder back', async () => {
    await using folder = await createDataFolder();
    const settings = { dataDir: folder.path, port: 0, logLevel: 'silent' } as const;
    const start = (flows: readonly FlowConfig[]) =>
      createColloquy({ settings, agents: [createEchoAgent()], flows });
    await expect(start([intake, intake])).rejects.toMatchObject({ code: 'FLOW_INVALID' });
    await (await start([intake])).close();
  });

  it('can be named by a program that defines its agents', async () => {
    await using folder = await createDataFolder();
    const settings = { dataDir: folder.path, port: 0, logLevel: 'silent' } as const;
    const server = createServer({ settings, flows: [{ ...intake, agent: 'guide' }] });
    server.createAgent({ id: 'guide', name: 'Guide' });
    const url = await server.start();
    const listed = await (await fetch(`${url}/api/flows`)).json();
    expect(listed).toMatchObject({ flows: [{ id: 'intake', agentId: 'guide' }] });
    await server.stop();
  });
});
