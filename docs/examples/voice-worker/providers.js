/**
 * What hears the user and what speaks: here LiveKit Inference, which LiveKit Cloud serves under the same key. With a LiveKit server of your
 * own take plugins instead, such as `@livekit/agents-plugin-deepgram` and `@livekit/agents-plugin-cartesia`. There is no language model
 * here: what is said is Colloquy's business.
 */
import { inference } from '@livekit/agents';

/**
 * @param {{ locale: string | null }} meta what came with the job
 */
export async function createProviders({ locale }) {
  const language = locale ?? 'en';
  return {
    stt: new inference.STT({ model: 'deepgram/nova-3', language }),
    tts: new inference.TTS({ model: 'cartesia/sonic-3', language }),
  };
}
