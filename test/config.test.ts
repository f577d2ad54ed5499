import { describe, expect, it } from 'vitest';
import { defaultSettings, loadSettings, parseSettings, SettingsError, settingsList } from '../src/config.ts';

const secret = 'a secret of at least 32 characters';
const withoutDefault = [
  'jwtSecret',
  'jwksUrl',
  'jwtIssuer',
  'jwtAudience',
  'nlpModel',
  'nlpEmbeddingModel',
  'nlpBaseUrl',
  'nlpApiKey',
  'lakeraApiKey',
  'livekitUrl',
  'livekitApiKey',
  'livekitApiSecret',
  'livekitAgentName',
  'voiceCallbackSecret',
  'publicUrl',
];

describe('settings', () => {
  it('have defaults that start on loopback, without a key and without a limit on requests', () => {
    expect(loadSettings({})).toEqual(defaultSettings);
    expect(defaultSettings).toMatchObject({
      host: '127.0.0.1',
      port: 8000,
      auth: 'dev',
      nlp: 'offline',
      requestsPerMinute: 0,
      inspect: false,
    });
  });

  it('are read from the environment by their upper-case names', () => {
    const settings = loadSettings({
      PORT: '0',
      IDLE_AFTER_MS: ' 10 ',
      INSPECT: 'true',
      CORS_ORIGINS: 'https://a.example, https://b.example',
      TRUST_PROXY: 'loopback, 10.0.0.0/8',
    });
    expect(settings).toMatchObject({
      port: 0,
      idleAfterMs: 10,
      inspect: true,
      corsOrigins: ['https://a.example', 'https://b.example'],
      trustProxy: ['loopback', '10.0.0.0/8'],
    });
  });

  it('name a language provider, one of its models, or several in order', () => {
    for (const nlp of [
      'offline',
      'anthropic',
      'openrouter/vendor/model:free',
      'anthropic, openai/gpt-5.4, offline',
    ])
      expect(loadSettings({ NLP: nlp, NLP_BASE_URL: 'http://127.0.0.1:1/v1' })).toMatchObject({ nlp });
  });

  it('come from the environment rather than from the configuration file', () => {
    expect(loadSettings({ PORT: '9001' }, { port: 9000, queueLimit: 5 })).toMatchObject({
      port: 9001,
      queueLimit: 5,
    });
  });

  it('are as if not set when the variable is empty', () => {
    expect(loadSettings({ PORT: '', HOST: ' ' }, { port: 9000 })).toMatchObject({
      port: 9000,
      host: '127.0.0.1',
    });
  });

  it('limit requests to 600 a minute with tokens, and to what was said where it was said', () => {
    const jwt = { auth: 'jwt', jwtSecret: secret } as const;
    expect(parseSettings(jwt).requestsPerMinute).toBe(600);
    expect(parseSettings({ ...jwt, requestsPerMinute: 0 }).requestsPerMinute).toBe(0);
    expect(parseSettings({ requestsPerMinute: 30 }).requestsPerMinute).toBe(30);
  });

  it('let a server be reached from elsewhere only when callers show tokens', () => {
    const refused = 'HOST must be a loopback address unless AUTH=jwt';
    expect(() => loadSettings({ HOST: '0.0.0.0' })).toThrow(refused);
    expect(() => loadSettings({ HOST: '::' })).toThrow(refused);
    expect(loadSettings({ HOST: '0.0.0.0', AUTH: 'jwt', JWT_SECRET: secret }).host).toBe('0.0.0.0');
    for (const host of ['localhost', '::1', '127.0.0.53'])
      expect(loadSettings({ HOST: host }).host).toBe(host);
  });

  it('survive being given as they came out', () => {
    expect(parseSettings(defaultSettings)).toEqual(defaultSettings);
  });

  it('each have a unit and an explanation to show', () => {
    expect(settingsList.map(({ name }) => name).toSorted()).toEqual(
      [...new Set([...Object.keys(defaultSettings), ...withoutDefault])].sort(),
    );
    for (const { unit, text } of settingsList) expect([unit, text]).not.toContain('');
  });
});

describe('a bad setting', () => {
  it.each([
    [{ PORT: 'eighty' }, `PORT must be a whole number from 0 to 65535, not 'eighty'.`],
    [{ PORT: '8e3' }, `PORT must be a whole number from 0 to 65535, not '8e3'.`],
    [{ PORT: '70000' }, 'PORT must be a whole number from 0 to 65535, not 70000.'],
    [{ RUN_TIMEOUT_MS: '0' }, 'RUN_TIMEOUT_MS must be a whole number from 1 to 2147483647, not 0.'],
    [{ QUEUE_LIMIT: '-1' }, 'QUEUE_LIMIT must be a whole number from 1 to 1000000000, not -1.'],
    [{ AUTH: 'none' }, `AUTH must be one of dev, jwt, not 'none'.`],
    [{ LOG_LEVEL: 'loud' }, /^LOG_LEVEL must be one of fatal, error, .*, not 'loud'\.$/],
    [{ NLP: 'magic' }, /^NLP must be one of offline, anthropic, .*, not 'magic'\.$/],
    [{ NLP: 'openai, magic' }, /^NLP must be one of offline, .*, not 'openai, magic'\.$/],
    [{ NLP: 'offline/gpt' }, /^NLP must be one of offline/],
    [{ NLP_BASE_URL: 'example.com' }, /^NLP_BASE_URL must be an address such as https:/],
    [{ LIVEKIT_URL: 'livekit.example.com' }, /^LIVEKIT_URL must be an address such as wss:/],
    [{ LIVEKIT_URL: 'ftp://livekit.example.com' }, /^LIVEKIT_URL must be an address such as wss:/],
    [{ VOICE_CALLBACK_SECRET: 'too short' }, 'VOICE_CALLBACK_SECRET must have at least 32 characters.'],
    [{ VOICE_READY_TIMEOUT_MS: '0' }, /^VOICE_READY_TIMEOUT_MS must be a whole number from 1/],
    [{ PUBLIC_URL: 'example.com' }, /^PUBLIC_URL must be an address such as https:/],
    [{ INSPECT: 'perhaps' }, `INSPECT must be 0 or 1, not 'perhaps'.`],
    [{ TRUST_PROXY: 'true' }, /^TRUST_PROXY must be the number of proxies in front, or their addresses/],
    [{ TRUST_PROXY: 'loopback, proxy.example' }, /^TRUST_PROXY must be the number of proxies in front/],
    [{ CORS_ORIGINS: 'https://a.example/' }, /^CORS_ORIGINS must be origins such as https:\/\/example\.com/],
    [{ CORS_ORIGINS: '*' }, /^CORS_ORIGINS must be origins/],
    [{ JWKS_URL: 'http://keys.example' }, /^JWKS_URL must be an https address/],
    [{ AUTH: 'jwt' }, /^JWT_SECRET or JWKS_URL must be set, and not both, when AUTH=jwt\.$/],
    [
      { AUTH: 'jwt', JWT_SECRET: secret, JWKS_URL: 'https://keys.example/jwks' },
      /^JWT_SECRET or JWKS_URL must be set, and not both/,
    ],
  ])('in the environment is one line that names it: %j', (env, line) => {
    const message = messageOf(() => loadSettings(env));
    expect(message).toMatch(line);
    expect(message).not.toContain('\n');
  });

  it.each([
    [{ port: '8000' }, `PORT (port in the configuration file) must be a whole number`],
    [{ port: null }, `PORT (port in the configuration file) must be a whole number`],
    [{ inspect: 1 }, 'INSPECT (inspect in the configuration file) must be 0 or 1'],
    [{ prot: 8000 }, 'There is no setting "prot".'],
    [{ PORT: 8000 }, 'There is no setting "PORT".'],
    [{ corsOrigins: 'https://a.example' }, 'CORS_ORIGINS (corsOrigins in the configuration file) must be'],
  ])('in the configuration file is one line that names it: %j', (config, line) => {
    // A configuration file may be JavaScript, so types do not keep this out.
    expect(messageOf(() => loadSettings({}, config as never))).toContain(line);
  });

  it('of a program that embeds Colloquy is named as it is written there', () => {
    expect(messageOf(() => parseSettings({ queueLimit: 0.5 }))).toBe(
      'The setting "queueLimit" must be a whole number from 1 to 1000000000, not 0.5.',
    );
  });

  it('is never shown when it is a secret', () => {
    expect(messageOf(() => loadSettings({ AUTH: 'jwt', JWT_SECRET: 'too short' }))).toBe(
      'JWT_SECRET must have at least 32 characters.',
    );
  });

  it('does not hide another one', () => {
    const message = messageOf(() => loadSettings({ PORT: 'x', QUEUE_LIMIT: 'y' }));
    expect(message).toContain('PORT must');
    expect(message).toContain('QUEUE_LIMIT must');
  });
});

function messageOf(load: () => unknown): string {
  try {
    load();
  } catch (error) {
    if (error instanceof SettingsError) return error.message;
    throw error;
  }
  throw new Error('The settings were accepted.');
}
