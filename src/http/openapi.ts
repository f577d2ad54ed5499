/** The OpenAPI 3.1 document, made from the same routes the router mounts. */
import { createDocument } from 'zod-openapi';
import { z } from 'zod';
import { isOfSession, type AnswerDoc, type Route } from './route.ts';
import { sessionId } from './schemas/common.ts';
import { parlantErrorSchema, problemSchema } from './schemas/problem.ts';
import { isParlantPath } from './problem.ts';

type Document = Parameters<typeof createDocument>[0];
type Paths = NonNullable<Document['paths']>;
type Operation = NonNullable<Paths[string]['get']>;
type Responses = NonNullable<Operation['responses']>;

export function createOpenApi(
  routes: readonly Route[],
  { version }: { readonly version: string },
): ReturnType<typeof createDocument> {
  const paths: Paths = {};
  for (const route of routes) {
    (paths[route.path] ??= {})[route.method] = toOperation(route);
  }
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Colloquy',
      version,
      description:
        'Sessions with conversational agents: a durable, numbered log of events per session, streamed as Server-Sent Events that resume.',
    },
    security: [{ bearer: [] }, { user: [] }, {}],
    paths,
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'With AUTH=jwt.' },
        user: {
          type: 'apiKey',
          in: 'header',
          name: 'X-User-Id',
          description: 'With AUTH=dev: act as this customer. In UTF-8.',
        },
      },
    },
  });
}

function toOperation(route: Route): Operation {
  return {
    operationId: toOperationId(route),
    tags: [route.tag],
    summary: route.summary,
    ...(route.description !== undefined && { description: route.description }),
    requestParams: toParams(route),
    ...(route.body && {
      requestBody: {
        required: !route.body.safeParse(undefined).success,
        content: { 'application/json': { schema: route.body } },
      },
    }),
    responses: toResponses(route),
  };
}

function toParams(route: Route): NonNullable<Operation['requestParams']> {
  const path = isOfSession(route)
    ? z.object({ session_id: sessionId, ...route.params?.shape })
    : route.params;
  return {
    ...(path && { path }),
    ...(route.query && { query: route.query as unknown as z.ZodObject }), // every query is an object
    ...(route.idempotent && { header: idempotencyHeader }),
  };
}

const idempotencyHeader = z.object({
  'Idempotency-Key': z
    .string()
    .max(255)
    .optional()
    .meta({ description: 'A repeat within 24 h answers what the first request made and stores nothing.' }),
});

function toResponses(route: Route): Responses {
  const responses: Responses = {};
  for (const [status, answer] of Object.entries(route.answers)) {
    responses[status as '200'] = { description: answer.description, ...toContent(answer) }; // a status, as the table's keys are
  }
  responses.default = {
    description: ['An error.', route.errors && `Codes of this route: ${route.errors.join(', ')}.`]
      .filter(Boolean)
      .join(' '),
    content: isParlantPath(route.path)
      ? { 'application/json': { schema: parlantErrorSchema } }
      : { 'application/problem+json': { schema: problemSchema } },
  };
  return responses;
}

function toContent({ schema, media = {} }: AnswerDoc) {
  const texts = Object.entries(media).map(([type, description]) => [
    type,
    { schema: z.string().meta({ description }) },
  ]);
  const content = { ...(schema && { 'application/json': { schema } }), ...Object.fromEntries(texts) };
  return Object.keys(content).length > 0 ? { content } : {};
}

/** `post_sessions_session_id_events`. */
function toOperationId({ method, path }: Route): string {
  return [method, ...path.split(/[^A-Za-z0-9_]+/).filter((part) => part !== '')].join('_');
}
