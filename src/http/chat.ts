/**
 * `POST /api/chat`: one turn with one request. The answer waits for the turn, or streams it; a client that goes away never stops it, and
 * a repeat with the same `Idempotency-Key` joins it again instead of asking twice.
 */
import type { Settings } from '../config.ts';
import type { Receipt } from '../event-log/event-log.ts';
import type { JsonObject } from '../event-log/event.ts';
import type { AgentService, TurnRequest } from '../talk/agent-service.ts';
import type { TurnPlace, TurnResult, TurnStream } from '../talk/turn-stream.ts';
import { z } from 'zod';
import type { Caller } from './access.ts';
import type { ReceiptKey } from './idempotency.ts';
import type { Leases } from './leases.ts';
import { wantsStream } from './negotiation.ts';
import { notesOf } from './notes.ts';
import { route, type Answer, type Handled, type Route, type RouteRequest } from './route.ts';
import { chatAnswerSchema, createChatRequestSchema } from './schemas/chat.ts';
import type { Streams } from './stream.ts';

export type ChatDeps = {
  readonly settings: Pick<Settings, 'maxMessageChars'>;
  readonly agentService: AgentService;
  readonly leases: Leases;
  readonly streams: Streams;
};

type ChatRequest = RouteRequest<undefined, z.output<ReturnType<typeof createChatRequestSchema>>>;

export function chatRoutes({ settings, agentService, leases, streams }: ChatDeps): readonly Route[] {
  return [
    route({
      method: 'post',
      path: '/api/chat',
      operation: 'talk to an agent',
      tag: 'Chat',
      summary: 'Say something and get the answer',
      description:
        'As JSON when the turn is over; with `Accept: text/event-stream` the frames of the turn while it goes on, then `done` with the same JSON.',
      body: createChatRequestSchema(settings),
      idempotent: true,
      answers: {
        200: {
          description: 'The turn.',
          schema: chatAnswerSchema,
          media: { 'text/event-stream': 'Frames of the turn, then `event: done` with the JSON.' },
        },
      },
      errors: [
        'AGENT_NOT_FOUND',
        'SESSION_NOT_FOUND',
        'INTENT_MISMATCH',
        'TURN_IN_PROGRESS',
        'QUEUE_FULL',
        'TOO_MANY_SESSIONS',
        'TOO_MANY_STREAMS',
        'SHUTTING_DOWN',
      ],
      handle(request) {
        const turn = toTurnRequest(request);
        return answer(
          request,
          (signal) => agentService.process({ ...turn, signal }),
          (signal) => agentService.processStream({ ...turn, signal }),
        );
      },
      repeat(result, request) {
        const userId = userIdOf(request.caller);
        const place = toPlace(result);
        request.res.setHeader('Idempotency-Replayed', 'true');
        return answer(
          request,
          (signal) => agentService.rejoin(userId, place, signal),
          (signal) => agentService.rejoinStream(userId, place, signal),
        );
      },
    }),
  ];

  async function answer(
    { req, res, caller, body }: ChatRequest,
    wait: (signal: AbortSignal) => Promise<TurnResult>,
    stream: (signal: AbortSignal) => Promise<TurnStream>,
  ): Promise<Handled> {
    notesOf(res).isWait = true;
    if (!wantsStream(req)) return toAnswer(await wait(leases.untilGivenUp(res)));
    const lease = leases.hold({ res, caller, sessionId: body.session_id ?? '' });
    const { frames, outcome } = await stream(lease.signal);
    const last = async () => ({ event: 'done', data: JSON.stringify(toChatJson(await outcome)) });
    return { later: () => streams.serve({ req, res, lease, frames, last }) };
  }
}

function toTurnRequest({ body, caller, receiptKey }: ChatRequest): TurnRequest {
  const userId = userIdOf(caller);
  return {
    text: body.message,
    ...(userId !== undefined && { userId }),
    ...(body.session_id && { sessionId: body.session_id }),
    ...(body.intent && { agentId: body.intent }),
    ...(receiptKey && { receipt: toReceipt(receiptKey) }),
  };
}

/** An operator names nobody: every session is theirs to talk in, and new ones are the guest's. */
function userIdOf(caller: Caller): string | undefined {
  return caller.role === 'customer' ? caller.customerId : undefined;
}

function toReceipt(key: ReceiptKey): Receipt {
  return {
    ...key,
    result: ({ events: [message], session }) => ({
      session_id: session.id,
      trace_id: message?.trace_id ?? '',
      offset: message?.offset ?? 0,
    }),
  };
}

/** As `toReceipt` wrote it. */
function toPlace(result: JsonObject): TurnPlace {
  const { session_id: sessionId, trace_id: traceId, offset } = storedPlace.parse(result);
  return { sessionId, traceId, offset };
}

const storedPlace = z.object({ session_id: z.string(), trace_id: z.string(), offset: z.int() });

function toAnswer(result: TurnResult): Answer {
  return { status: 200, body: toChatJson(result) };
}

function toChatJson({ sessionId, traceId, status, messages }: TurnResult): z.input<typeof chatAnswerSchema> {
  return { session_id: sessionId, trace_id: traceId, status, messages: [...messages] };
}
