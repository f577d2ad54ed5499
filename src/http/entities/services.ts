/** Tool services, in Parlant's shape: where tools are that run on other servers. The tools themselves are always asked for anew. */
import { z } from 'zod';
import type { ToolServices } from '../../entities/tool-services.ts';
import { ServiceNotFoundError } from '../../errors.ts';
import type { ToolDirectory } from '../../tools/tool-service.ts';
import { route, type Route } from '../route.ts';
import {
  serviceName,
  servicePutSchema,
  serviceSchema,
  toServiceConfig,
  toServiceJson,
} from '../schemas/services.ts';
import { foreignId } from '../schemas/session.ts';

type ServicesDeps = {
  readonly entities: { readonly toolServices: ToolServices; readonly tools: ToolDirectory };
};

const path = '/services/{name}';
const params = z.object({ name: foreignId });

export function serviceRoutes({ entities: { toolServices, tools } }: ServicesDeps): readonly Route[] {
  return [
    listServices(toolServices),
    readService(toolServices, tools),
    putService(toolServices),
    deleteService(toolServices),
  ];
}

function listServices(services: ToolServices): Route {
  return route({
    method: 'get',
    path: '/services',
    operation: 'read what agents know',
    tag: 'Services',
    summary: 'List tool services',
    answers: {
      200: {
        description: "By creation, without their tools and without the program's own.",
        schema: z.array(serviceSchema),
      },
    },
    handle: () => ({ status: 200, body: services.list().map((service) => toServiceJson(service)) }),
  });
}

function readService(services: ToolServices, directory: ToolDirectory): Route {
  return route({
    method: 'get',
    path,
    operation: 'read what agents know',
    tag: 'Services',
    summary: 'Read a tool service',
    description: 'Its server is asked for its tools. `local` are those of the program itself.',
    params,
    answers: { 200: { description: 'The service with its tools.', schema: serviceSchema } },
    errors: ['SERVICE_NOT_FOUND', 'SERVICE_UNAVAILABLE'],
    async handle({ params: { name = '' } }) {
      const service = directory.service(name);
      if (!service) throw new ServiceNotFoundError(name);
      const record = services.get(name) ?? ({ id: name, kind: 'local', url: '' } as const);
      return { status: 200, body: toServiceJson(record, await service.list()) };
    },
  });
}

/** As Parlant answers. */
const deprecated = {
  Deprecation: 'true',
  'X-Deprecation-Notice': 'Tool services of the kind openapi are deprecated: use sdk or mcp.',
};

function putService(services: ToolServices): Route {
  return route({
    method: 'put',
    path,
    operation: 'change what agents know',
    tag: 'Services',
    summary: 'Store a tool service',
    description: 'It is created, or takes the place of the one with this name. Its server is not asked.',
    params: z.object({ name: serviceName }),
    body: servicePutSchema,
    answers: {
      200: { description: 'The service. For `openapi` with `Deprecation: true`.', schema: serviceSchema },
    },
    errors: ['DEFINITION_INVALID', 'DOCUMENTS_UNAVAILABLE'],
    async handle({ params: { name = '' }, body }) {
      const stored = await services.put(name, toServiceConfig(body));
      return {
        status: 200,
        body: toServiceJson(stored),
        ...(stored.kind === 'openapi' && { headers: deprecated }),
      };
    },
  });
}

function deleteService(services: ToolServices): Route {
  return route({
    method: 'delete',
    path,
    operation: 'change what agents know',
    tag: 'Services',
    summary: 'Delete a tool service',
    description: 'Calls under way are finished. What uses its tools stays, and finds none.',
    params,
    answers: { 204: { description: 'Gone.' } },
    errors: ['SERVICE_NOT_FOUND', 'DOCUMENTS_UNAVAILABLE'],
    async handle({ params: { name = '' } }) {
      await services.delete(name);
      return { status: 204 };
    },
  });
}
