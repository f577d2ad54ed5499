/** Capabilities, in Parlant's shape. */
import { z } from 'zod';
import type { Capabilities } from '../../entities/capabilities.ts';
import { route, type Route } from '../route.ts';
import {
  capabilityCreateSchema,
  capabilitySchema,
  capabilityUpdateSchema,
  toCapabilityJson,
} from '../schemas/capabilities.ts';
import { given, tagQuery } from '../schemas/entities.ts';
import { foreignId } from '../schemas/session.ts';

type CapabilitiesDeps = { readonly entities: { readonly capabilities: Capabilities } };

const params = z.object({ capability_id: foreignId });

export function capabilityRoutes({ entities: { capabilities } }: CapabilitiesDeps): readonly Route[] {
  return [
    createCapability(capabilities),
    listCapabilities(capabilities),
    readCapability(capabilities),
    updateCapability(capabilities),
    deleteCapability(capabilities),
  ];
}

function createCapability(capabilities: Capabilities): Route {
  return route({
    method: 'post',
    path: '/capabilities',
    operation: 'change what agents know',
    tag: 'Capabilities',
    summary: 'Create a capability',
    body: capabilityCreateSchema,
    answers: { 201: { description: 'The capability.', schema: capabilitySchema } },
    errors: ['TAG_NOT_FOUND', 'DOCUMENTS_UNAVAILABLE'],
    async handle({ body }) {
      return { status: 201, body: toCapabilityJson(await capabilities.create(given(body))) };
    },
  });
}

function listCapabilities(capabilities: Capabilities): Route {
  return route({
    method: 'get',
    path: '/capabilities',
    operation: 'read what agents know',
    tag: 'Capabilities',
    summary: 'List capabilities',
    query: tagQuery,
    answers: { 200: { description: 'By creation.', schema: z.array(capabilitySchema) } },
    async handle({ query: { tag_id: tagId } }) {
      return { status: 200, body: (await capabilities.list(given({ tagId }))).map(toCapabilityJson) };
    },
  });
}

function readCapability(capabilities: Capabilities): Route {
  return route({
    method: 'get',
    path: '/capabilities/{capability_id}',
    operation: 'read what agents know',
    tag: 'Capabilities',
    summary: 'Read a capability',
    params,
    answers: { 200: { description: 'The capability.', schema: capabilitySchema } },
    errors: ['CAPABILITY_NOT_FOUND'],
    async handle({ params: { capability_id: id = '' } }) {
      return { status: 200, body: toCapabilityJson(await capabilities.read(id)) };
    },
  });
}

function updateCapability(capabilities: Capabilities): Route {
  return route({
    method: 'patch',
    path: '/capabilities/{capability_id}',
    operation: 'change what agents know',
    tag: 'Capabilities',
    summary: 'Change a capability',
    params,
    body: capabilityUpdateSchema,
    answers: { 200: { description: 'The whole capability.', schema: capabilitySchema } },
    errors: ['CAPABILITY_NOT_FOUND', 'TAG_NOT_FOUND', 'TAG_NOT_ATTACHED', 'DOCUMENTS_UNAVAILABLE'],
    async handle({ params: { capability_id: id = '' }, body: { tags, ...fields } }) {
      const patch = { ...given(fields), ...(tags && { tags: given(tags) }) };
      return { status: 200, body: toCapabilityJson(await capabilities.update(id, patch)) };
    },
  });
}

function deleteCapability(capabilities: Capabilities): Route {
  return route({
    method: 'delete',
    path: '/capabilities/{capability_id}',
    operation: 'change what agents know',
    tag: 'Capabilities',
    summary: 'Delete a capability',
    params,
    answers: { 204: { description: 'Gone.' } },
    errors: ['CAPABILITY_NOT_FOUND', 'DOCUMENTS_UNAVAILABLE'],
    async handle({ params: { capability_id: id = '' } }) {
      await capabilities.delete(id);
      return { status: 204 };
    },
  });
}
