import { describe, expect, it } from 'vitest';
import { route, sessionRoute } from '../../src/http/route.ts';
import { operations } from '../../src/http/access.ts';
import { startServer } from '../support/server.ts';

type Operation = {
  readonly operationId: string;
  readonly summary: string;
  readonly parameters?: readonly {
    readonly in: string;
    readonly name: string;
    readonly required?: boolean;
  }[];
  readonly responses: Record<
    string,
    { readonly description: string; readonly content?: Record<string, unknown> }
  >;
};
type Document = {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly schemas: Record<string, unknown> };
};

async function readDocument(): Promise<Document> {
  await using server = await startServer();
  const { body } = await server.http().get('/openapi.json').expect(200);
  return body as Document; // what follows looks at it
}

/** Every route the app answers with anything but "there is no such address", tried from outside. */
const routesOfTheApp = [
  'post /api/chat',
  'post /sessions',
  'get /sessions',
  'delete /sessions',
  'get /sessions/{session_id}',
  'patch /sessions/{session_id}',
  'delete /sessions/{session_id}',
  'post /sessions/{session_id}/events',
  'get /sessions/{session_id}/events',
  'delete /sessions/{session_id}/events',
  'get /sessions/{session_id}/events/{event_id}',
  'patch /sessions/{session_id}/events/{event_id}',
  'post /sessions/{session_id}/start',
  'post /sessions/{session_id}/stop',
  'post /sessions/{session_id}/cancel',
  'get /sessions/{session_id}/state',
  'post /agents',
  'get /agents',
  'get /agents/{agent_id}',
  'patch /agents/{agent_id}',
  'delete /agents/{agent_id}',
  'post /customers',
  'get /customers',
  'get /customers/{customer_id}',
  'patch /customers/{customer_id}',
  'delete /customers/{customer_id}',
  'post /tags',
  'get /tags',
  'get /tags/{tag_id}',
  'patch /tags/{tag_id}',
  'delete /tags/{tag_id}',
  'post /guidelines',
  'get /guidelines',
  'post /evaluations',
  'get /evaluations/{evaluation_id}',
  'get /guidelines/{guideline_id}',
  'patch /guidelines/{guideline_id}',
  'delete /guidelines/{guideline_id}',
  'post /relationships',
  'get /relationships',
  'get /relationships/{relationship_id}',
  'delete /relationships/{relationship_id}',
  'post /journeys',
  'get /journeys',
  'get /journeys/{journey_id}',
  'patch /journeys/{journey_id}',
  'delete /journeys/{journey_id}',
  'get /journeys/{journey_id}/mermaid',
  'post /journeys/{journey_id}/nodes',
  'get /journeys/{journey_id}/nodes',
  'get /journeys/{journey_id}/nodes/{node_id}',
  'patch /journeys/{journey_id}/nodes/{node_id}',
  'delete /journeys/{journey_id}/nodes/{node_id}',
  'post /journeys/{journey_id}/edges',
  'get /journeys/{journey_id}/edges',
  'get /journeys/{journey_id}/edges/{edge_id}',
  'patch /journeys/{journey_id}/edges/{edge_id}',
  'delete /journeys/{journey_id}/edges/{edge_id}',
  'post /terms',
  'get /terms',
  'get /terms/{term_id}',
  'patch /terms/{term_id}',
  'delete /terms/{term_id}',
  'post /context-variables',
  'get /context-variables',
  'delete /context-variables',
  'get /context-variables/{variable_id}',
  'patch /context-variables/{variable_id}',
  'delete /context-variables/{variable_id}',
  'get /context-variables/{variable_id}/{key}',
  'put /context-variables/{variable_id}/{key}',
  'delete /context-variables/{variable_id}/{key}',
  'post /capabilities',
  'get /capabilities',
  'get /capabilities/{capability_id}',
  'patch /capabilities/{capability_id}',
  'delete /capabilities/{capability_id}',
  'post /canned_responses',
  'get /canned_responses',
  'get /canned_responses/{canned_response_id}',
  'patch /canned_responses/{canned_response_id}',
  'delete /canned_responses/{canned_response_id}',
  'get /services',
  'get /services/{name}',
  'put /services/{name}',
  'delete /services/{name}',
  'post /services/{name}/tools/{tool}/calls',
  'get /api/me/events',
  'get /api/live',
  'get /api/flows',
  'post /api/flows/{flow_id}/test-audio',
  'get /api/voice-sessions/{voice_session_id}',
  'delete /api/voice-sessions/{voice_session_id}',
  'get /api/voice-sessions/{voice_session_id}/events',
  'post /api/voice-sessions/{voice_session_id}/tokens',
  'post /api/voice-sessions/{voice_session_id}/agent-status',
  'post /api/voice-sessions/{voice_session_id}/flow',
  'post /api/livekit/webhook',
  'get /api/machines',
  'get /api/machines/{name}/layout',
  'get /healthz',
  'get /readyz',
  'get /metrics',
  'get /logs',
  'get /openapi.json',
  'get /docs',
  'get /docs/{file}',
  'get /',
  'get /ops',
  'get /assets/{file}',
];

describe('/openapi.json', () => {
  it('describes every route, and no other', async () => {
    const { paths } = await readDocument();
    const described = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    expect(described.toSorted()).toEqual(routesOfTheApp.toSorted());
  });

  it('is OpenAPI 3.1 whose references all lead somewhere', async () => {
    const document = await readDocument();
    expect(document.openapi).toMatch(/^3\.1\./);
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(
      ([, name]) => name ?? '',
    );
    expect(references.length).toBeGreaterThan(10);
    for (const name of references) expect(document.components.schemas).toHaveProperty(name);
  });

  it('names every operation once, with a summary, its path parameters, a success and the form of its errors', async () => {
    const { paths } = await readDocument();
    const operations = Object.entries(paths).flatMap(([path, methods]) =>
      Object.values(methods).map((operation) => ({ path, operation })),
    );
    expect(new Set(operations.map(({ operation }) => operation.operationId)).size).toBe(operations.length);
    for (const { path, operation } of operations) {
      expect(operation.summary).not.toBe('');
      const named = (operation.parameters ?? [])
        .filter((parameter) => parameter.in === 'path')
        .map(({ name }) => `{${name}}`);
      expect(named).toEqual(path.match(/\{\w+\}/g) ?? []);
      expect(Object.keys(operation.responses).some((status) => /^(101$|[23])/.test(status))).toBe(true);
      expect(operation.responses['default']?.content).toBeDefined();
    }
  });

  it('is made of the same values the router mounts: a route without a description does not type-check, nor start', () => {
    const spec = {
      method: 'get',
      operation: operations[0] ?? 'read health',
      tag: 'Any',
      summary: 'Any',
      answers: {},
      handle: () => ({ status: 200 }),
    } as const;
    expect(() => route({ ...spec, path: '/sessions/{session_id}/any' })).toThrow('use sessionRoute');
    expect(() => sessionRoute({ ...spec, path: '/any' })).toThrow('use route');
  });
});

describe('/docs', () => {
  it('shows the document without a network: everything it loads is served here', async () => {
    await using server = await startServer();
    const page = await server.http().get('/docs').expect(200);
    const loaded = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address ?? '');
    expect(loaded.length).toBeGreaterThan(3);
    for (const address of loaded) {
      expect(address).toMatch(/^\/docs\//);
      await server.http().get(address).expect(200);
    }
  });

  it('lets the page run scripts of this server and nobody else, inline ones neither', async () => {
    await using server = await startServer();
    const { headers, text } = await server.http().get('/docs');
    expect(headers['content-security-policy']).toContain("script-src 'self'");
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(text).not.toMatch(/<script>/);
  });

  it('serves no other file of the package', async () => {
    await using server = await startServer();
    for (const file of ['package.json', 'index.html', '..%2f..%2fpackage.json', '%2e%2e']) {
      expect((await server.http().get(`/docs/${file}`)).status).toBe(404);
    }
  });
});
