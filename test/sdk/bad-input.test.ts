import { describe, expect, it } from 'vitest';
import { createServer } from '../../src/sdk/server.ts';
import { anyOf, PREAMBLE } from '../../src/sdk/tag.ts';
import { END_JOURNEY } from '../../src/sdk/transition-options.ts';
import { tool } from '../../src/tools/define-tool.ts';

/* oxlint-disable typescript/no-explicit-any -- written as in plain JavaScript, where nothing is checked beforehand */

const look = tool({ name: 'look', handler: () => 'found' });

/** A server with an agent, a guideline, an observation, a journey of one state, a tag and a canned response; and things of another. */
function write() {
  const server: any = createServer();
  const agent: any = server.createAgent({ name: 'Clinic' });
  const guideline: any = agent.createGuideline({ condition: 'asks', action: 'answer' });
  const observation: any = agent.createObservation({ condition: 'hurries' });
  const journey: any = agent.createJourney({ title: 'Book', description: 'Books', conditions: ['books'] });
  const { target: state }: any = journey.initialState.transitionTo({ chatState: 'Ask for the day' });
  const tag: any = server.createTag('vip');
  const response: any = agent.createCannedResponse({ template: 'Hello' });
  const variable: any = agent.createVariable({ name: 'plan' });
  const elsewhere: any = createServer().createAgent({ name: 'Bank' });
  return { server, agent, guideline, observation, journey, state, tag, response, variable, elsewhere };
}

type Written = ReturnType<typeof write>;
type Case = readonly [name: string, attempt: (written: Written) => unknown, message: string | RegExp];

const long = 'x'.repeat(101);

const ofServers: readonly Case[] = [
  [
    'options that are none',
    () => createServer(7 as any),
    'The server cannot be defined so: it is described by an object of options, not by 7.',
  ],
  ['an option that is none', () => createServer({ port: 8000 } as any), 'it has no option "port"'],
  ['an empty source', () => createServer({ source: '' }), "its source must not be empty, not ''"],
  ['a source that is no text', () => createServer({ source: 7 } as any), 'its source must be a text, not 7'],
  [
    'a tag without a name',
    ({ server }) => server.createTag(),
    'described by an object of options, not by undefined',
  ],
  [
    'a tag with a long name',
    ({ server }) => server.createTag(long),
    'its name must have at most 50 characters',
  ],
  [
    'a tag that means an agent',
    ({ server }) => server.createTag({ name: 'x', id: 'agent:x' }),
    `the id 'agent:x' means something by itself`,
  ],
  [
    'a tag there is already',
    ({ server }) => server.createTag('vip'),
    'The tag "vip" cannot be defined so: it is there already',
  ],
  [
    'a customer without a name',
    ({ server }) => server.createCustomer({}),
    'The customer undefined cannot be defined so: its name is missing.',
  ],
  ['the guest', ({ server }) => server.createCustomer({ name: 'Guest', id: 'guest' }), 'is there already'],
  [
    'a customer whose metadata are no texts',
    ({ server }) => server.createCustomer({ name: 'Ann', metadata: { age: 7 } }),
    'its metadata must be an object of texts',
  ],
];

const ofAgents: readonly Case[] = [
  ['an agent without options', ({ server }) => server.createAgent(), 'not by undefined'],
  [
    'an agent without a name',
    ({ server }) => server.createAgent({ description: 'x' }),
    'its name is missing',
  ],
  ['a blank name', ({ server }) => server.createAgent({ name: ' \n' }), 'its name must not be empty'],
  [
    'a long name',
    ({ server }) => server.createAgent({ name: long }),
    'its name must have at most 100 characters',
  ],
  [
    'a name that is no Unicode',
    ({ server }) => server.createAgent({ name: 'a\ud800' }),
    'must be well-formed Unicode',
  ],
  [
    'two agents of one name',
    ({ server }) => server.createAgent({ name: 'Clinic' }),
    'The agent "Clinic" cannot be defined so: it is there already',
  ],
  [
    'an id that is a step in a path',
    ({ server }) => server.createAgent({ name: 'x', id: '..' }),
    'must not be a step in a path',
  ],
  [
    'a mode there is not',
    ({ server }) => server.createAgent({ name: 'x', compositionMode: 'liquid' }),
    `its compositionMode must be one of fluid, canned_fluid, composited_canned, strict_canned, not 'liquid'`,
  ],
  [
    'streaming where it cannot be',
    ({ server }) => server.createAgent({ name: 'x', outputMode: 'stream', compositionMode: 'strict_canned' }),
    'only canned_fluid agents can',
  ],
  [
    'no iterations',
    ({ server }) => server.createAgent({ name: 'x', maxEngineIterations: 0 }),
    'its maxEngineIterations must be at least 1, not 0',
  ],
  [
    'tags that are no list',
    ({ server, tag }) => server.createAgent({ name: 'x', tags: tag }),
    'its tags must be a list',
  ],
  [
    'a tag by its name',
    ({ server }) => server.createAgent({ name: 'x', tags: ['vip'] }),
    `'vip' is not a tag of this server`,
  ],
  [
    'a tag of another server',
    ({ server }) => server.createAgent({ name: 'x', tags: [createServer().createTag('a')] }),
    'is not a tag of this server',
  ],
];

const ofGuidelines: readonly Case[] = [
  [
    'no condition',
    ({ agent }) => agent.createGuideline({ action: 'x' }),
    'The guideline "x" cannot be defined so: its condition is missing.',
  ],
  [
    'an empty condition',
    ({ agent }) => agent.createGuideline({ condition: '' }),
    `its condition must not be empty, not ''`,
  ],
  [
    'a condition that is no text',
    ({ agent }) => agent.createGuideline({ condition: 7 }),
    'its condition must be a text, not 7',
  ],
  [
    'an option that is misspelt',
    ({ agent }) => agent.createGuideline({ condition: 'x', acton: 'y' }),
    'The guideline "x" cannot be defined so: it has no option "acton".',
  ],
  [
    'several mistakes at once',
    ({ agent }) => agent.createGuideline({ condition: 'x', priority: 0.5, track: 'no' }),
    /its priority must be a whole number, not 0.5, and its track must be true or false, not 'no'\.$/,
  ],
  [
    'a criticality there is not',
    ({ agent }) => agent.createGuideline({ condition: 'x', criticality: 'HIGH' }),
    'must be one of low, medium, high',
  ],
  [
    'an observation with an action',
    ({ agent }) => agent.createObservation({ condition: 'x', action: 'y' }),
    'The observation "x" cannot be defined so: it has no option "action".',
  ],
  [
    'labels that are no texts',
    ({ agent }) => agent.createGuideline({ condition: 'x', labels: [7] }),
    'its labels.0 must be a text, not 7',
  ],
  [
    'metadata that are no JSON',
    ({ agent }) => agent.createGuideline({ condition: 'x', metadata: { since: new Date() } }),
    'its metadata must be a plain JSON object',
  ],
  [
    'metadata that lead back to themselves',
    ({ agent }) => agent.createGuideline({ condition: 'x', metadata: circle() }),
    'its metadata must be a plain JSON object',
  ],
  [
    'a number that JSON has not',
    ({ agent }) => agent.createGuideline({ condition: 'x', metadata: { a: Number.NaN } }),
    'its metadata must be a plain JSON object',
  ],
  [
    'a function as a tool',
    ({ agent }) => agent.createGuideline({ condition: 'x', tools: [() => 1] }),
    'is no tool: tool({ … }) makes one',
  ],
  [
    'a tool without a service',
    ({ agent }) => agent.createGuideline({ condition: 'x', tools: ['look'] }),
    `'look' names no tool`,
  ],
  [
    'a tool of the program by its name',
    ({ agent }) => agent.createGuideline({ condition: 'x', tools: ['local:look'] }),
    `'local:look' names no tool`,
  ],
  [
    'two tools of one name',
    ({ agent }) =>
      agent.createGuideline({ condition: 'x', tools: [look, tool({ name: 'look', handler: () => 2 })] }),
    'there are two different tools "look"',
  ],
  [
    'a canned response by its text',
    ({ agent }) => agent.createGuideline({ condition: 'x', cannedResponses: ['Hello'] }),
    `'Hello' is not a canned response`,
  ],
  [
    'an id that is a state’s',
    ({ agent }) => agent.createGuideline({ condition: 'x', id: 'journey_node:x' }),
    "is how a journey's states are known",
  ],
  [
    'two of one id',
    ({ agent }) => [
      agent.createGuideline({ condition: 'x', id: 'a' }),
      agent.createGuideline({ condition: 'y', id: 'a' }),
    ],
    'The guideline "y" cannot be defined so: the guideline "x" has its id, "a".',
  ],
];

const ofRelationships: readonly Case[] = [
  ['nothing to go before', ({ guideline }) => guideline.prioritizeOver(), 'nothing was given'],
  [
    'something that is none of it',
    ({ guideline }) => guideline.dependOn('vip'),
    `'vip' is not a guideline, a journey or a tag of this server`,
  ],
  ['null', ({ guideline }) => guideline.dependOn(null), 'null is not a guideline, a journey or a tag'],
  [
    'any of something that is no tag',
    ({ guideline }) => guideline.dependOn(anyOf(7 as any)),
    'is not a guideline, a journey or a tag',
  ],
  [
    'a guideline of another server',
    ({ guideline, elsewhere }) => guideline.dependOn(elsewhere.createGuideline({ condition: 'x' })),
    'is not a guideline, a journey or a tag of this server',
  ],
  [
    'itself',
    ({ guideline }) => guideline.prioritizeOver(guideline),
    'it goes before the guideline "asks", which is itself',
  ],
  [
    'a circle',
    ({ guideline, observation }) => [
      guideline.prioritizeOver(observation),
      observation.prioritizeOver(guideline),
    ],
    'The observation "hurries" cannot be defined so: it goes before the guideline "asks", and the other way round: that would be a circle.',
  ],
  [
    'a long circle',
    ({ guideline, observation, tag, journey }) => [
      guideline.dependOn(tag),
      tag.dependOn(journey),
      journey.dependOn(observation),
      observation.dependOn(guideline),
    ],
    'that would be a circle',
  ],
  [
    'a circle of all and any',
    ({ guideline, observation }) => [guideline.dependOn(observation), observation.dependOnAny(guideline)],
    'that would be a circle',
  ],
  [
    'all and any of one tag',
    ({ guideline, tag }) => [guideline.dependOn(tag), guideline.dependOn(anyOf(tag))],
    'it depends on the tag "vip" already, in another way',
  ],
  [
    'a target in two groups',
    ({ guideline, observation, tag }) => [
      guideline.dependOnAny(observation),
      guideline.dependOnAny(observation, tag),
    ],
    'already, in another way',
  ],
  [
    'a journey that is entailed',
    ({ guideline, journey }) => guideline.entail(journey),
    'is not a guideline or a tag of this server',
  ],
  [
    'one thing to disambiguate',
    ({ observation, guideline }) => observation.disambiguate([guideline, guideline]),
    'which of two or more is meant',
  ],
  [
    'things to disambiguate that are no list',
    ({ observation, guideline }) => observation.disambiguate(guideline),
    'takes a list of targets',
  ],
  [
    'a guideline that disambiguates',
    ({ guideline, observation, journey }) => guideline.disambiguate([observation, journey]),
    'only an observation disambiguates',
  ],
  [
    'a journey that nothing begins',
    ({ agent, observation, guideline }) =>
      observation.disambiguate([guideline, agent.createJourney({ title: 'x', description: 'y' })]),
    'the journey "x" has no conditions',
  ],
  ['a tool that is none', ({ guideline }) => guideline.reevaluateAfter('look'), 'names no tool'],
];

const ofJourneys: readonly Case[] = [
  ['no title', ({ agent }) => agent.createJourney({ description: 'x' }), 'its title is missing'],
  [
    'a title there is already',
    ({ agent }) => agent.createJourney({ title: 'Book', description: 'x' }),
    'it is there already',
  ],
  [
    'conditions and triggers',
    ({ agent }) => agent.createJourney({ title: 'x', description: 'y', conditions: ['a'], triggers: ['b'] }),
    'conditions and triggers are the same, and it has both',
  ],
  [
    'a condition that is none',
    ({ agent }) => agent.createJourney({ title: 'x', description: 'y', conditions: [7] }),
    '7 is not a text or a guideline of this server',
  ],
  [
    'an empty condition',
    ({ agent }) => agent.createJourney({ title: 'x', description: 'y', conditions: [''] }),
    'its condition must not be empty',
  ],
  [
    'a state that leads nowhere',
    ({ state }) => state.transitionTo(),
    'described by an object of options, not by undefined',
  ],
  [
    'no destination',
    ({ state }) => state.transitionTo({ condition: 'x' }),
    'exactly one of chatState, toolState, state and journey says where it leads, and it has none',
  ],
  [
    'two destinations',
    ({ state }) => state.transitionTo({ chatState: 'x', state: END_JOURNEY }),
    'and it has chatState, state',
  ],
  [
    'a destination that is undefined',
    ({ state }) => state.transitionTo({ state: undefined }),
    'undefined is not END_JOURNEY or a state of this server',
  ],
  [
    'an empty chat state',
    ({ state }) => state.transitionTo({ chatState: ' ' }),
    'its chatState must not be empty',
  ],
  ['a tool state without a tool', ({ state }) => state.transitionTo({ toolState: [] }), 'it has no tool'],
  [
    'a tool state with something else',
    ({ state }) => state.transitionTo({ toolState: 'look' }),
    'names no tool',
  ],
  [
    'what a chat state has not',
    ({ state }) => state.transitionTo({ chatState: 'x', toolInstruction: 'y' }),
    'it has no option "toolInstruction"',
  ],
  [
    'what another state has not',
    ({ state }) => state.transitionTo({ state: END_JOURNEY, labels: [] }),
    'it has no option "labels"',
  ],
  [
    'a state of another journey',
    ({ agent, state }) =>
      state.transitionTo({ state: agent.createJourney({ title: 'x', description: 'y' }).initialState }),
    'a state of another journey',
  ],
  [
    'two ways without a condition',
    ({ state }) => [state.transitionTo({ chatState: 'x' }), state.transitionTo({ chatState: 'y' })],
    'The state "y" of the journey "Book" cannot be defined so: it would have others beside it, and a state has one transition without a condition, or any number with one.',
  ],
  [
    'one with a condition beside it',
    ({ journey }) => journey.initialState.fork({ condition: 'x' }),
    'it would have others beside it',
  ],
  [
    'a state whose id is the end',
    ({ state }) => state.transitionTo({ id: 'end', chatState: 'x' }),
    `its id is 'end', and that of a state has no colon and is not "end"`,
  ],
  [
    'a state whose id has a colon',
    ({ state }) => state.transitionTo({ id: 'a:b', chatState: 'x' }),
    'has no colon',
  ],
  [
    'a journey in itself',
    ({ state, journey }) => state.transitionTo({ journey }),
    'a journey cannot be a part of itself',
  ],
  [
    'a journey in itself, by another',
    ({ agent, state, journey }) =>
      part(agent).transitionTo({ journey }) && state.transitionTo({ chatState: 'x' }),
    'the journey is part of the journey "Whole" already',
  ],
  [
    'a journey that has no states',
    ({ agent, state }) =>
      state.transitionTo({ journey: agent.createJourney({ title: 'x', description: 'y' }) }),
    'the journey "x" has no states yet',
  ],
  [
    'a journey with labels',
    ({ state, journey }) => state.transitionTo({ journey, labels: ['x'] }),
    'it has no option "labels"',
  ],
  [
    'something that is no journey',
    ({ state, guideline }) => state.transitionTo({ journey: guideline }),
    'is not a journey of this server',
  ],
];

const ofKnowledge: readonly Case[] = [
  [
    'a term without a description',
    ({ agent }) => agent.createTerm({ name: 'x' }),
    'The term "x" cannot be defined so: its description is missing.',
  ],
  [
    'two terms of one name',
    ({ agent }) => [
      agent.createTerm({ name: 'x', description: 'y' }),
      agent.createTerm({ name: 'x', description: 'z' }),
    ],
    'it is there already',
  ],
  [
    'synonyms that are a text',
    ({ agent }) => agent.createTerm({ name: 'x', description: 'y', synonyms: 'z' }),
    'its synonyms must be a list of texts',
  ],
  [
    'a capability without a title',
    ({ agent }) => agent.createCapability({ description: 'x' }),
    'its title is missing',
  ],
  ['a variable without a name', ({ agent }) => agent.createVariable({}), 'its name is missing'],
  [
    'rules without a tool',
    ({ agent }) => agent.createVariable({ name: 'x', freshnessRules: '0 3 * * *' }),
    'and it has no tool',
  ],
  [
    'rules that are no cron',
    ({ agent }) => agent.createVariable({ name: 'x', tool: look, freshnessRules: 'daily' }),
    'The variable "x" cannot be defined so: its freshnessRules "daily" is no cron expression',
  ],
  [
    'rules for a day that never comes',
    ({ agent }) => agent.createVariable({ name: 'x', tool: look, freshnessRules: '0 0 31 4 *' }),
    'never comes',
  ],
  ['a tool that is none', ({ agent }) => agent.createVariable({ name: 'x', tool: {} }), 'is no tool'],
  [
    'a value of nobody',
    ({ variable }) => variable.setValue('ann', 1),
    `'ann' is not a customer, a tag or an agent of this server, and not 'default'`,
  ],
  [
    'a value that is no JSON',
    ({ variable }) => variable.setValue('default', undefined),
    'A value of the variable "plan" cannot be defined so: its data is missing.',
  ],
  [
    'a template that is none',
    ({ agent }) => agent.createCannedResponse({ template: 'Hello {{ name' }),
    'The canned response "Hello {{ name" cannot be defined so: its template cannot be read (',
  ],
  [
    'an empty template',
    ({ agent }) => agent.createCannedResponse({ template: '' }),
    'its template must not be empty',
  ],
  [
    'a field without a name',
    ({ agent }) => agent.createCannedResponse({ template: 'x', fields: [{}] }),
    'its fields.0.name is missing',
  ],
  [
    'a preamble where it makes none',
    ({ agent }) => agent.createGuideline({ condition: 'x', tags: [PREAMBLE] }),
    'is not a tag of this server',
  ],
];

const policy = {
  preambleDelayMs: () => 0,
  processingDelayMs: () => 0,
  extendedDelayMs: () => null,
  followUpDelayMs: () => 0,
  isPreambleRequired: () => false,
};

const ofFunctions: readonly Case[] = [
  ...['hooks', 'planner', 'performancePolicy', 'preamble', 'noMatch'].map((name): Case => [
    `${name} that is a number`,
    ({ server }) => server.createAgent({ name: 'x', [name]: 7 }),
    `its ${name} must be`,
  ]),
  [
    'a hook there is not',
    ({ server }) => server.createAgent({ name: 'x', hooks: { started: async () => 'next' } }),
    'The agent "x" cannot be defined so: its hooks has no option "started".',
  ],
  [
    'a hook that is no function',
    ({ server }) => server.createAgent({ name: 'x', hooks: { preparing: ['next'] } }),
    "its hooks.preparing must be a function or a list of functions, not [ 'next' ]",
  ],
  [
    'a planner that makes no plan',
    ({ server }) => server.createAgent({ name: 'x', planner: { plan: () => ({}) } }),
    'its planner must be an object with a function createPlan',
  ],
  [
    'a policy there is not',
    ({ server }) => server.createAgent({ name: 'x', performancePolicy: 'quick' }),
    'its performancePolicy must be one of basic, null, voice, or an object with the functions',
  ],
  [
    'a policy that does not say all',
    ({ server }) => server.createAgent({ name: 'x', performancePolicy: policy }),
    'and splitsMessages, true or false',
  ],
  [
    'a preamble that is misspelt',
    ({ server }) => server.createAgent({ name: 'x', preamble: { example: [] } }),
    'its preamble has no option "example"',
  ],
  [
    'an example that says nothing',
    ({ server }) => server.createAgent({ name: 'x', preamble: { examples: [' '] } }),
    "its preamble.examples.0 must not be empty, not ' '",
  ],
  [
    'an empty text where nothing fits',
    ({ server }) => server.createAgent({ name: 'x', noMatch: '' }),
    "its noMatch must not be empty, not ''",
  ],
  [
    'a preamble of an agent that says none',
    ({ server }) => server.createAgent({ name: 'x', compositionMode: 'fluid', preamble: {} }),
    'it has a preamble, of which fluid agents make no use',
  ],
  [
    'a text where nothing fits, of an agent that says what it wants',
    ({ server }) => server.createAgent({ name: 'x', compositionMode: 'fluid', noMatch: 'No.' }),
    'it has a noMatch, of which fluid agents make no use',
  ],
  ...['onSelected', 'onMessage', 'responseFields', 'matcher'].map((name): Case => [
    `${name} that is a text`,
    ({ agent }) => agent.createGuideline({ condition: 'x', [name]: 'y' }),
    `The guideline "x" cannot be defined so: its ${name} must be a function`,
  ]),
  [
    'handlers of which one is none',
    ({ agent }) => agent.createJourney({ title: 'x', description: 'y', onSelected: [() => {}, 7] }),
    'its onSelected must be a function or a list of functions',
  ],
  [
    'a matcher of a journey',
    ({ agent }) => agent.createJourney({ title: 'x', description: 'y', matcher: () => true }),
    'it has no option "matcher"',
  ],
  [
    'a handler of a state that is none',
    ({ state }) => state.transitionTo({ chatState: 'x', onMessage: 'y' }),
    'its onMessage must be a function or a list of functions',
  ],
  [
    'a handler of a fork',
    ({ state }) => state.fork({ onSelected: () => {} }),
    'it has no option "onSelected"',
  ],
  [
    'a retriever that is none',
    ({ agent }) => agent.attachRetriever('x'),
    'The agent "Clinic" cannot be defined so: its retriever must be a function, not \'x\'.',
  ],
  [
    'a retriever with an empty id',
    ({ guideline }) => guideline.attachRetriever(() => {}, ''),
    "its retriever must not be empty, not ''",
  ],
  [
    'a retriever there is already',
    ({ agent, state }) => {
      agent.attachRetriever(() => {}, 'days');
      state.attachRetriever(() => {}, 'days');
    },
    'The state "Ask for the day" of the journey "Book" cannot be defined so: there is a retriever \'days\' already.',
  ],
  [
    'a retriever of a fork',
    ({ state }) => state.fork().target.attachRetriever(() => {}),
    'it is only passed on the way, so that a retriever is never asked',
  ],
  [
    'a retriever of an initial state',
    ({ journey }) => journey.initialState.attachRetriever(() => {}),
    'The initial state of the journey "Book" cannot be defined so: it is only passed on the way',
  ],
];

describe.each([
  ['a server', ofServers],
  ['an agent', ofAgents],
  ['a guideline', ofGuidelines],
  ['a relationship', ofRelationships],
  ['a journey', ofJourneys],
  ['what an agent knows', ofKnowledge],
  ['what is done in code', ofFunctions],
])('%s is refused at the line that is wrong:', (_, cases) => {
  it.each(cases)('%s', (_name, attempt, message) => {
    const written = write();
    expect(() => attempt(written)).toThrow(expect.objectContaining({ code: 'DEFINITION_INVALID' }));
    expect(() => attempt(write())).toThrow(message);
  });
});

it('what was refused is not there', () => {
  const { server, agent, state } = write();
  const before = server.define();
  const attempts = [
    () => agent.createGuideline({ condition: 'x', tools: [look, 'nothing'], cannedResponses: ['no'] }),
    () => agent.createJourney({ title: 'x', description: 'y', conditions: ['a', 7] }),
    () => agent.createVariable({ name: 'x', tool: look, freshnessRules: 'daily' }),
    () => state.transitionTo({ toolState: look, cannedResponses: ['no'] }),
    () => state.transitionTo({ id: 'a:b', chatState: 'x' }),
  ];
  for (const attempt of attempts) expect(attempt).toThrow('cannot be defined so');
  expect(server.define().documents).toEqual(before.documents);
});

/** A state of a new journey that the other is part of. */
function part(agent: any) {
  const whole = agent.createJourney({ title: 'Whole', description: 'All of it' });
  return whole.initialState.transitionTo({ chatState: 'Greet' }).target;
}

function circle() {
  const object: Record<string, unknown> = {};
  object['itself'] = object;
  return object;
}
