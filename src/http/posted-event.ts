/** What may be posted: Parlant's table of kinds and sources, what each needs, and what of it is stored. */
import type { AgentDirectory } from '../agents/agent-runner.ts';
import type { Customers } from '../entities/customers.ts';
import type { JsonObject, MessageData, Participant } from '../event-log/event.ts';
import type { SessionRecord } from '../event-log/session-record.ts';
import type { PostedEvent } from '../session/sessions.ts';
import { demand, type Caller } from './access.ts';
import { InvalidEventError } from './errors.ts';
import type { EventCreate } from './schemas/event.ts';

/** A customer posts as themselves; whoever else is meant to speak, an operator says so. */
export function demandPostRights(caller: Caller, { kind, source, participant }: EventCreate): void {
  const isOwn =
    (kind === 'message' && source === 'customer') || (kind === 'custom' && source === 'customer_ui');
  if (!isOwn) demand(caller, 'post other events');
  if (participant) demand(caller, 'say who a customer is');
}

/** A message by the agent without text asks it to speak. Throws where somebody says what. */
export function isRequestToSpeak({ kind, source, message }: EventCreate): boolean {
  if (kind !== 'message' || source !== 'ai_agent') return false;
  if (message) {
    throw new InvalidEventError(
      '`source` ai_agent: what the agent says cannot be dictated; leave `message` out to ask it to speak.',
    );
  }
  return true;
}

/** Where it is posted, and who the people and agents there are. */
type About = {
  readonly session: SessionRecord;
  readonly agents: AgentDirectory;
  readonly customers: Pick<Customers, 'nameOf'>;
};

/** Parlant's rules: which kinds and sources go together, and what each needs. */
export async function toPostedEvent(body: EventCreate, about: About): Promise<PostedEvent> {
  const { kind, source } = body;
  return {
    kind,
    source,
    data: await toData(body, about),
    ...(body.metadata && { metadata: body.metadata }),
  };
}

async function toData(body: EventCreate, about: About): Promise<PostedEvent['data']> {
  const { kind, data, status } = body;
  if (kind === 'message') return toMessageData(body, about);
  if (kind === 'tool') {
    throw new InvalidEventError(
      'Only events of kind message, custom and status can be posted; `kind` was tool.',
    );
  }
  if (kind === 'custom') {
    if (!data || isEmpty(data)) throw new InvalidEventError('A custom event needs `data` that is not empty.');
    return data;
  }
  if (!status) throw new InvalidEventError('A status event needs `status`.');
  if (!isObjectOrAbsent(data)) throw new InvalidEventError('`data` of a status event must be a JSON object.');
  return { status, data: data ?? {} };
}

async function toMessageData(body: EventCreate, about: About): Promise<MessageData> {
  const { session, agents } = about;
  switch (body.source) {
    case 'customer':
      return toCustomersMessage(body, about);
    case 'human_agent': {
      const participant = participantOf(body);
      if (!participant)
        throw new InvalidEventError('A message by a human agent needs `participant.display_name`.');
      return { message: textOf(body), participant };
    }
    case 'human_agent_on_behalf_of_ai_agent': {
      const name = agents.get(session.agentId)?.name ?? session.agentId;
      return { message: textOf(body), participant: { id: session.agentId, display_name: name } };
    }
    default:
      throw new InvalidEventError(
        '`source` of a message must be customer, human_agent or human_agent_on_behalf_of_ai_agent.',
      );
  }
}

async function toCustomersMessage(body: EventCreate, { session, customers }: About): Promise<MessageData> {
  const message = textOf(body);
  const participant = participantOf(body) ?? (await customerOf(session, customers));
  return { message, participant, flagged: false, tags: [] };
}

function textOf({ message }: EventCreate): string {
  if (!message || message.trim() === '') throw new InvalidEventError('The `message` is missing or empty.');
  return message;
}

function participantOf({ participant }: EventCreate): Participant | undefined {
  return participant ? { id: participant.id ?? null, display_name: participant.display_name } : undefined;
}

async function customerOf(
  { customerId }: SessionRecord,
  customers: About['customers'],
): Promise<Participant> {
  return { id: customerId, display_name: await customers.nameOf(customerId) };
}

function isEmpty(data: unknown): boolean {
  return typeof data === 'object' && data !== null && Object.keys(data).length === 0;
}

function isObjectOrAbsent(data: EventCreate['data']): data is JsonObject | null | undefined {
  return data === null || data === undefined || (typeof data === 'object' && !Array.isArray(data));
}
