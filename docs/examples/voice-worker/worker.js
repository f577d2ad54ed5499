/**
 * A voice worker for Colloquy: joins the room of a voice session, speaks its greeting, says that it is ready, and from then on passes what
 * the user says to the conversation and speaks what comes back. Ready means: the greeting was spoken, and the agent can be heard.
 */
import { fileURLToPath } from 'node:url';
import { cli, defineAgent, log, ServerOptions, voice } from '@livekit/agents';
import { RoomEvent } from '@livekit/rtc-node';
import { createBackend } from './backend.js';

const TOPIC = 'agent-status';

/** What hears and what speaks. `audioOf(text)`, if it is there, is spoken as it is. */
const providers = await import(process.env.VOICE_PROVIDERS ?? './providers.js');

export default defineAgent({ entry });

async function entry(ctx) {
  const meta = JSON.parse(ctx.job.metadata);
  const backend = createBackend(meta);
  try {
    await ctx.connect();
    if (!(await backend.report(backend.stamp('agent.joined')))) {
      ctx.shutdown('the session is over');
      return;
    }
    const session = new voice.AgentSession(await providers.createProviders(meta));
    session.on(voice.AgentSessionEventTypes.Close, () => ctx.shutdown('the conversation is over'));
    await ctx.waitForParticipant(meta.participantIdentity);
    const { greeting } = await backend.init();
    const agent = new Speaker(backend);
    await session.start({ agent, room: ctx.room, inputOptions: inputOf(meta, agent) });
    // An interrupted greeting ends here as well: whoever interrupts has heard it.
    await (await speak(session, greeting)).waitForPlayout();
    await tellReady(ctx, backend, backend.stamp('agent.ready', { greeting }));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const failed = backend.stamp('agent.failed', { code: 'agent_init_failed', message });
    await backend.report(failed);
    await publish(ctx.room, failed);
    ctx.shutdown('it could not begin');
  }
}

/** In three places: on itself, where LiveKit shows it to whoever looks; to Colloquy; and to the people in the room. */
async function tellReady(ctx, backend, ready) {
  const { room } = ctx;
  await room.localParticipant.setAttributes({ 'agent.ready': ready.sessionId });
  if (!(await backend.report(ready))) {
    ctx.shutdown('the session is over');
    return;
  }
  // Nothing is kept for those who come later.
  room.on(RoomEvent.ParticipantConnected, ({ identity }) => void publish(room, ready, [identity]));
  ctx.addShutdownCallback(() => publish(room, backend.stamp('agent.ended')));
  await publish(room, ready);
}

/** To everybody, or to those named. Whoever misses it finds it at Colloquy. */
async function publish(room, event, to) {
  const payload = new TextEncoder().encode(JSON.stringify(event));
  // In this library the name is written so; another one would be everybody.
  const options = { reliable: true, topic: TOPIC, ...(to && { destination_identities: to }) };
  await room.localParticipant?.publishData(payload, options).catch(() => {});
}

/** Whom the agent hears; what they type is as good as what they say. */
function inputOf({ participantIdentity }, agent) {
  return {
    participantIdentity,
    textInputCallback(session, { text }) {
      session.interrupt();
      return agent.answer(text);
    },
  };
}

async function speak(session, text) {
  const audio = await providers.audioOf?.(text);
  return session.say(text, { allowInterruptions: true, ...(audio && { audio }) });
}

/** Says what Colloquy answers. */
class Speaker extends voice.Agent {
  #backend;

  constructor(backend) {
    super({ instructions: '' });
    this.#backend = backend;
  }

  /** Not waited for: what the user says next must be heard, and overtakes this. */
  async onUserTurnCompleted(_context, message) {
    void this.answer(message.textContent ?? '');
    throw new voice.StopResponse();
  }

  /** Never rejects: an answer that is lost ends no call. */
  async answer(text) {
    if (text.trim() === '') return;
    try {
      const answer = await this.#backend.turn(text);
      if (answer !== '') await speak(this.session, answer);
    } catch (error) {
      log().error({ error }, 'an answer was lost');
    }
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  // LIVEKIT_URL, LIVEKIT_API_KEY, LIVEKIT_API_SECRET and LIVEKIT_AGENT_NAME come from the environment.
  cli.runApp(
    new ServerOptions({ agent: fileURLToPath(import.meta.url), agentName: process.env.LIVEKIT_AGENT_NAME }),
  );
}
