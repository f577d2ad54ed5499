import { describe, expect, it } from 'vitest';
import { startVoiceServer } from '../support/voice-server.ts';

const connectSources = async (livekitUrl: string | undefined, path = '/') => {
  await using server = await startVoiceServer({ settings: { livekitUrl } });
  const policy =
    (await fetch(server.url + path, { redirect: 'manual' })).headers.get('content-security-policy') ?? '';
  return /connect-src ([^;]+)/.exec(policy)?.[1]?.split(' ');
};

describe('the page may speak with', () => {
  it.each([
    ['wss://livekit.example.com/', ['wss://livekit.example.com', 'https://livekit.example.com']],
    ['http://127.0.0.1:7880', ['ws://127.0.0.1:7880', 'http://127.0.0.1:7880']],
    [
      'wss://mine.livekit.cloud',
      [
        'wss://mine.livekit.cloud',
        'https://mine.livekit.cloud',
        'wss://*.livekit.cloud',
        'https://*.livekit.cloud',
      ],
    ],
    [undefined, []],
  ])('this server, and of LiveKit at %s with %j', async (livekitUrl, sources) => {
    expect(await connectSources(livekitUrl)).toEqual(["'self'", ...sources]);
  });

  it('nobody from elsewhere than the page', async () => {
    expect(await connectSources('wss://livekit.example.com', '/docs')).toEqual(["'self'"]);
    expect(await connectSources('wss://livekit.example.com', '/sessions')).toBeUndefined();
  });
});
