/** Reads the webhooks of a LiveKit server. The signature is over the text of the body, so nobody may have parsed it before. */
import { type WebhookEvent, WebhookReceiver } from 'livekit-server-sdk';
import { BadWebhookSignatureError } from '../../errors.ts';
import type { RoomNews, Webhooks } from '../webhooks.ts';
import type { LiveKitServer } from './livekit-rooms.ts';

/** On LiveKit's wire; its library exports no names for them. */
const AGENT_KIND = 4;
const JOB_FAILED = 3;
/** Set by the agents framework on whoever it sends. */
const AGENT_NAME_ATTRIBUTE = 'lk.agent.name';

/** `agentName`: an agent of another name is none of ours. */
export function createLiveKitWebhooks({
  apiKey,
  apiSecret,
  agentName,
}: Pick<LiveKitServer, 'apiKey' | 'apiSecret'> & { readonly agentName?: string }): Webhooks {
  const receiver = new WebhookReceiver(apiKey, apiSecret);
  return {
    async read(body, authorization) {
      const event = await receiver.receive(body, authorization).catch(() => {
        throw new BadWebhookSignatureError();
      });
      const roomName = event.room?.name ?? event.job?.room?.name;
      const change = toChange(event, agentName);
      return roomName && change ? { roomName, change } : undefined;
    },
  };
}

function toChange(event: WebhookEvent, agentName: string | undefined): RoomNews['change'] | undefined {
  const timestamp = new Date(Number(event.createdAt) * 1_000).toISOString();
  // The library's list of names is shorter than what servers send.
  const name: string = event.event;
  switch (name) {
    case 'participant_joined':
      return isOurAgent(event, agentName) ? { type: 'agent.joined', timestamp } : { type: 'people.changed' };
    case 'participant_left':
    case 'participant_connection_aborted':
      return isOurAgent(event, agentName) ? { type: 'agent.left', timestamp } : { type: 'people.changed' };
    case 'agent_job_ended':
      return toJobFailure(event, timestamp);
    case 'room_finished':
      return { type: 'room.finished' };
    default:
      return undefined;
  }
}

function toJobFailure({ job }: WebhookEvent, timestamp: string): RoomNews['change'] | undefined {
  const status: number | undefined = job?.state?.status;
  if (status !== JOB_FAILED) return undefined;
  return { type: 'agent.failed', timestamp, message: job?.state?.error ?? '' };
}

function isOurAgent({ participant }: WebhookEvent, agentName: string | undefined): boolean {
  const kind: number | undefined = participant?.kind;
  if (kind !== AGENT_KIND) return false;
  const name = participant?.attributes[AGENT_NAME_ATTRIBUTE];
  return agentName === undefined || !name || name === agentName;
}
