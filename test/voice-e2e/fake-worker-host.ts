/** The side of the fake LiveKit server that workers talk to: one registers, is asked for each job whether it takes it, and gets a token for the room. */
import { AccessToken } from 'livekit-server-sdk';
import type { WebSocket } from 'ws';
import { API_KEY, API_SECRET, type FakeLiveKit, protocol as P } from '../support/fake-livekit.ts';

type Job = { readonly job: P.Job; readonly dispatch: P.AgentDispatch };

export function hostWorker(fake: FakeLiveKit, socket: WebSocket): void {
  const jobs = new Map<string, Job>();
  let leave = () => {};
  socket.on('close', () => leave());
  socket.on('message', (data: Buffer) => {
    const { message } = P.WorkerMessage.fromBinary(new Uint8Array(data));
    if (message.case === 'register') register(message.value.agentName);
    else if (message.case === 'availability') void assign(message.value);
    else if (message.case === 'updateJob') {
      const state = jobs.get(message.value.jobId)?.job.state;
      if (state) Object.assign(state, { status: message.value.status, error: message.value.error });
    }
  });

  function register(agentName: string): void {
    const worker = {
      agentName,
      take(job: P.Job, { dispatch }: { readonly dispatch: P.AgentDispatch }) {
        jobs.set(job.id, { job, dispatch });
        send({ case: 'availability', value: new P.AvailabilityRequest({ job }) });
      },
    };
    fake.workers.add(worker);
    leave = () => void fake.workers.delete(worker);
    const serverInfo = new P.ServerInfo({ version: '0.0.0', agentProtocol: 1 });
    send({
      case: 'register',
      value: new P.RegisterWorkerResponse({ workerId: fake.newSid('AW_'), serverInfo }),
    });
  }

  async function assign(answer: P.AvailabilityResponse): Promise<void> {
    const found = jobs.get(answer.jobId);
    if (!found || !answer.available) return;
    const { job, dispatch } = found;
    if (job.state) job.state.participantIdentity = answer.participantIdentity;
    dispatch.state?.jobs.push(job);
    const token = await signAgentToken(answer, dispatch.room);
    send({ case: 'assignment', value: new P.JobAssignment({ job, token }) });
  }

  function send(message: P.ServerMessage['message']): void {
    socket.send(new P.ServerMessage({ message }).toBinary());
  }
}

function signAgentToken(answer: P.AvailabilityResponse, room: string): Promise<string> {
  const token = new AccessToken(API_KEY, API_SECRET, {
    identity: answer.participantIdentity,
    name: answer.participantName,
    metadata: answer.participantMetadata,
    attributes: answer.participantAttributes,
    ttl: 3_600,
  });
  token.kind = 'agent';
  const rights = { canPublish: true, canSubscribe: true, canPublishData: true, canUpdateOwnMetadata: true };
  token.addGrant({ roomJoin: true, agent: true, room, ...rights });
  return token.toJwt();
}
