/** Providers of the worker under test: nobody hears, silence is spoken. The session's locale says what goes wrong. */
import { ReadableStream } from 'node:stream/web';
import { AudioFrame } from '@livekit/rtc-node';

const RATE = 24_000;
const FRAME = RATE / 50;
const FRAMES = 15;

export async function createProviders({ locale }) {
  if (locale === 'crash') throw new Error('STT provider refused the key');
  if (locale === 'hang') await new Promise(() => {});
  return {};
}

/** 0.3 s. */
export async function audioOf() {
  return new ReadableStream({
    start(controller) {
      for (let n = 0; n < FRAMES; n++)
        controller.enqueue(new AudioFrame(new Int16Array(FRAME), RATE, 1, FRAME));
      controller.close();
    },
  });
}
