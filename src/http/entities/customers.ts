/** Customers, in Parlant's shape. The guest is one of them, always there and first. */
import { z } from 'zod';
import type { Customers } from '../../entities/customers.ts';
import { route, type Route } from '../route.ts';
import {
  customerCreateSchema,
  customerListQuery,
  customerPageSchema,
  customerSchema,
  customerUpdateSchema,
  toCustomerJson,
  toCustomerPatch,
  toNewCustomer,
} from '../schemas/customers.ts';
import { given } from '../schemas/entities.ts';
import { foreignId } from '../schemas/session.ts';

type CustomersDeps = { readonly entities: { readonly customers: Customers } };

const params = z.object({ customer_id: foreignId });

export function customerRoutes({ entities: { customers } }: CustomersDeps): readonly Route[] {
  return [
    createCustomer(customers),
    listCustomers(customers),
    readCustomer(customers),
    updateCustomer(customers),
    deleteCustomer(customers),
  ];
}

function createCustomer(customers: Customers): Route {
  return route({
    method: 'post',
    path: '/customers',
    operation: 'change customers',
    tag: 'Customers',
    summary: 'Create a customer',
    body: customerCreateSchema,
    answers: { 201: { description: 'The customer.', schema: customerSchema } },
    errors: ['ID_TAKEN', 'TAG_NOT_FOUND', 'DOCUMENTS_UNAVAILABLE'],
    async handle({ body }) {
      return { status: 201, body: toCustomerJson(await customers.create(toNewCustomer(body))) };
    },
  });
}

function listCustomers(customers: Customers): Route {
  return route({
    method: 'get',
    path: '/customers',
    operation: 'read customers',
    tag: 'Customers',
    summary: 'List customers',
    description:
      'The guest, then the others by creation. Without `limit` a bare array of all, with `limit` a page.',
    query: customerListQuery,
    answers: {
      200: {
        description: 'An array, or a page.',
        schema: z.union([z.array(customerSchema), customerPageSchema]),
      },
    },
    async handle({ query }) {
      const { items, totalCount, nextCursor } = await customers.list(given(query));
      const shown = items.map(toCustomerJson);
      if (query.limit === undefined) return { status: 200, body: shown };
      return {
        status: 200,
        body: {
          items: shown,
          total_count: totalCount,
          has_more: nextCursor !== null,
          next_cursor: nextCursor,
        },
      };
    },
  });
}

function readCustomer(customers: Customers): Route {
  return route({
    method: 'get',
    path: '/customers/{customer_id}',
    operation: 'read customers',
    tag: 'Customers',
    summary: 'Read a customer',
    params,
    answers: { 200: { description: 'The customer.', schema: customerSchema } },
    errors: ['CUSTOMER_NOT_FOUND'],
    async handle({ params: { customer_id: id = '' } }) {
      return { status: 200, body: toCustomerJson(await customers.read(id)) };
    },
  });
}

function updateCustomer(customers: Customers): Route {
  return route({
    method: 'patch',
    path: '/customers/{customer_id}',
    operation: 'change customers',
    tag: 'Customers',
    summary: 'Change a customer',
    params,
    body: customerUpdateSchema,
    answers: { 200: { description: 'The whole customer.', schema: customerSchema } },
    errors: ['CUSTOMER_NOT_FOUND', 'TAG_NOT_FOUND', 'TAG_NOT_ATTACHED', 'DOCUMENTS_UNAVAILABLE'],
    async handle({ params: { customer_id: id = '' }, body }) {
      return { status: 200, body: toCustomerJson(await customers.update(id, toCustomerPatch(body))) };
    },
  });
}

function deleteCustomer(customers: Customers): Route {
  return route({
    method: 'delete',
    path: '/customers/{customer_id}',
    operation: 'change customers',
    tag: 'Customers',
    summary: 'Delete a customer',
    description: 'Their sessions stay. The guest cannot be deleted.',
    params,
    answers: { 204: { description: 'Gone.' } },
    errors: ['CUSTOMER_NOT_FOUND', 'GUEST_CUSTOMER', 'DOCUMENTS_UNAVAILABLE'],
    async handle({ params: { customer_id: id = '' } }) {
      await customers.delete(id);
      return { status: 204 };
    },
  });
}
