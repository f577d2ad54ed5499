/**
 * Every setting of the program: one schema with unit, default and a line of explanation each. The environment (`IDLE_AFTER_MS`)
 * wins over `colloquy.config.ts` (`idleAfterMs`). `--help` and README list what stands here; a test compares README both ways.
 */
import { isIP } from 'node:net';
import { inspect } from 'node:util';
import { z } from 'zod';
import type { Agent } from './agents/agent-runner.ts';
import type { UpstreamAgentConfig } from './agents/upstream-agents.ts';
import type { Definition } from './definition/definition.ts';
import { nlpNames, parseNlpChoices } from './nlp/provider-names.ts';
import { StartError } from './start-error.ts';
import type { OwnToolServices } from './tools/own-services.ts';
import type { FlowConfig } from './voice/flows.ts';

/** A setting that cannot be used, or does not exist. The message is one line that names it. */
export class SettingsError extends StartError {}

/** `kind` says how the text of an environment variable is read; `unit` and `text` are what people are told. */
type About = {
  readonly kind: 'text' | 'whole' | 'list' | 'yesNo' | 'hops';
  readonly unit: string;
  readonly text: string;
  readonly secret?: boolean;
  /** Where the default is not a plain value. */
  readonly defaultText?: string;
};
const about = z.registry<About>();

/** The longest time a timer can wait. */
const TIMER_LIMIT_MS = 2 ** 31 - 1;
const DAY_MS = 86_400_000;
const NLP_WANTED = `must be one of ${nlpNames.join(', ')}, with a model (provider/model) or several in order if you like`;
const PROXIES_WANTED = 'must be the number of proxies in front, or their addresses separated by commas';
const LIVEKIT_WANTED = 'must be an address such as wss://livekit.example.com';
const PUBLIC_URL_WANTED = 'must be an address such as https://example.com';
const ORIGINS_WANTED = 'must be origins such as https://example.com, without path or trailing slash';

const shape = {
  host: text('127.0.0.1', 'address', 'where to listen; anything but loopback needs AUTH=jwt'),
  port: whole(8000, 'port', 'where to listen; 0 takes any free port', { max: 65_535 }),
  dataDir: text('./data', 'folder', 'where the SQLite file is kept; one process at a time owns it'),
  logLevel: choice(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], 'info', 'what is logged'),
  auth: choice(['dev', 'jwt'], 'dev', 'dev: callers name themselves, loopback only; jwt: bearer tokens'),
  jwtSecret: z
    .string({ error: 'must have at least 32 characters' })
    .min(32, 'must have at least 32 characters')
    .optional()
    .register(about, {
      kind: 'text',
      unit: 'text',
      text: 'checks tokens signed with it (HMAC)',
      secret: true,
    }),
  jwksUrl: z
    .string({ error: 'must be an https address' })
    .refine(isSecureUrl, 'must be an https address (http only on loopback)')
    .optional()
    .register(about, { kind: 'text', unit: 'URL', text: 'checks tokens with the keys found there' }),
  jwtIssuer: optionalText('text', 'the `iss` a token must have'),
  jwtAudience: optionalText('text', 'the `aud` a token must have'),
  corsOrigins: z
    .array(z.string(), { error: ORIGINS_WANTED })
    .refine((origins) => origins.every(isOrigin), ORIGINS_WANTED)
    .readonly()
    .default([])
    .register(about, { kind: 'list', unit: 'origins', text: 'web pages that may call, separated by commas' }),
  trustProxy: z
    .union([z.int().min(0).max(100), z.array(z.string()).min(1).readonly()], { error: PROXIES_WANTED })
    .refine((proxies) => typeof proxies === 'number' || proxies.every(isProxyAddress), PROXIES_WANTED)
    .default(0)
    .register(about, {
      kind: 'hops',
      unit: 'proxies',
      text: 'how many reverse proxies are in front, or their addresses; 0: none',
    }),
  defaultAgent: text('research_paper', 'agent id', 'who answers when a request names nobody'),
  nlp: z
    .string({ error: NLP_WANTED })
    .refine((choices) => parseNlpChoices(choices) !== undefined, NLP_WANTED)
    .default('offline')
    .register(about, {
      kind: 'text',
      unit: 'provider',
      text: 'language provider; offline needs no key and no network, the others: docs/nlp.md',
    }),
  nlpModel: optionalText('model', 'which of its models answers; default: docs/nlp.md'),
  nlpEmbeddingModel: optionalText('model', 'which of its models compares texts; default: docs/nlp.md'),
  nlpBaseUrl: z
    .string({ error: 'must be an address such as https://example.com/v1' })
    .refine(isHttpUrl, 'must be an address such as https://example.com/v1')
    .optional()
    .register(about, { kind: 'text', unit: 'URL', text: 'where it is asked, if not at its own address' }),
  nlpApiKey: z.string({ error: 'must be a text' }).min(1, 'must not be empty').optional().register(about, {
    kind: 'text',
    unit: 'text',
    text: 'its key, if not in its own variable (docs/nlp.md)',
    secret: true,
  }),
  moderation: choice(
    ['none', 'auto', 'paranoid'],
    'none',
    'how every message of a customer is checked, at least (docs/moderation.md)',
  ),
  lakeraApiKey: z.string({ error: 'must be a text' }).min(1, 'must not be empty').optional().register(about, {
    kind: 'text',
    unit: 'text',
    text: 'of Lakera Guard, which looks for jailbreaks (docs/moderation.md)',
    secret: true,
  }),
  lakeraUrl: z
    .string({ error: 'must be an https address' })
    .refine(isSecureUrl, 'must be an https address (http only on loopback)')
    .default('https://api.lakera.ai')
    .register(about, { kind: 'text', unit: 'URL', text: 'where it is asked' }),
  indexing: yesNo('asks about guidelines and journeys when they are written (docs/engine.md)', true),
  idleAfterMs: ms(300_000, 'a quiet session nobody follows leaves memory after this time'),
  sessionTtlMs: ms(DAY_MS, 'a session unused for this time is stopped', { min: 1, max: 10 * 365 * DAY_MS }),
  runTimeoutMs: ms(120_000, 'the longest time an agent may take for one turn', { min: 1 }),
  runWindDownMs: ms(5_000, 'how long the next turn waits for an interrupted one to let go'),
  shutdownGraceMs: ms(10_000, 'how long turns under way may finish when the program is told to end'),
  queueLimit: whole(100, 'messages', 'messages of one session that may wait for an answer', { min: 1 }),
  historyLimit: whole(200, 'events', 'the most an agent is shown of a session', { min: 1, max: 10_000 }),
  maxMessageChars: whole(32_000, 'characters', 'the longest message, in Unicode code points', {
    min: 1,
    max: 10_000_000,
  }),
  maxBodyKb: whole(256, 'KB', 'the largest body of a request', { min: 1, max: 102_400 }),
  streamsPerCustomer: whole(20, 'streams', 'event streams one customer may have open', { min: 1 }),
  sessionsPerCustomer: whole(1_000, 'sessions', 'sessions one customer may have', { min: 1 }),
  requestsPerMinute: whole(600, 'requests', 'requests per caller and minute; 0: no limit')
    .unwrap()
    .optional()
    .register(about, {
      kind: 'whole',
      unit: 'requests',
      text: 'requests per caller and minute; 0: no limit',
      defaultText: '600 (0 with AUTH=dev)',
    }),
  pollWaitS: whole(60, 's', 'how long a long-poll is held when the caller does not say', { max: 600 }),
  upstreamIdleMs: ms(30_000, 'an answered turn that upstream does not end is over after this silence', {
    min: 1_000,
  }),
  pingMs: ms(15_000, 'time between the comments that keep event streams open', { min: 1_000 }),
  livekitUrl: z
    .string({ error: LIVEKIT_WANTED })
    .refine(isLiveKitUrl, LIVEKIT_WANTED)
    .optional()
    .register(about, {
      kind: 'text',
      unit: 'URL',
      text: 'the LiveKit server of voice sessions (docs/voice.md); without it there are none',
    }),
  livekitApiKey: optionalText('text', 'its API key'),
  livekitApiSecret: secretText('the secret of that key'),
  livekitAgentName: optionalText(
    'text',
    'the name of the voice workers to call; without it those without a name come by themselves',
  ),
  livekitTimeoutMs: ms(5_000, 'the longest time one call of it may take', { min: 1 }),
  voiceCallbackSecret: secretText('signs what voice workers report with; 32 characters or more', { min: 32 }),
  voiceReadyTimeoutMs: ms(30_000, 'how long a voice worker may take until it is ready', { min: 1 }),
  voiceDispatchWaitMs: ms(2_000, 'how long a request for a voice session waits for LiveKit to answer'),
  publicUrl: z
    .string({ error: PUBLIC_URL_WANTED })
    .refine(isHttpUrl, PUBLIC_URL_WANTED)
    .optional()
    .register(about, {
      kind: 'text',
      unit: 'URL',
      text: 'where voice workers reach this server; default: where it listens',
    }),
  inspect: yesNo('serves Stately inspector frames at /api/inspect, loopback only'),
  inspectText: yesNo('with INSPECT: shows message texts as well'),
};

const schema = z.strictObject(shape).superRefine((settings, refuse) => {
  const { auth, host, jwtSecret, jwksUrl } = settings;
  const keys = [jwtSecret, jwksUrl].filter((key) => key !== undefined).length;
  if (auth === 'dev' && !isLoopback(host)) complain('host', 'must be a loopback address unless AUTH=jwt');
  if (auth === 'jwt' && keys !== 1)
    complain('jwtSecret', 'or JWKS_URL must be set, and not both, when AUTH=jwt');

  function complain(name: SettingName, message: string) {
    refuse.addIssue({ code: 'custom', path: [name], message });
  }
});

type SettingName = keyof typeof shape;

/** What one may set, all of it optional. */
export type SettingsInput = z.input<typeof schema>;

/** Every setting, checked and complete. Times are in ms, unless the name says otherwise. */
export type Settings = Omit<Readonly<z.output<typeof schema>>, 'requestsPerMinute'> & {
  /** 0: no limit. */
  readonly requestsPerMinute: number;
};

/** What `colloquy.config.ts` exports: settings and the agents to serve. */
export type Config = SettingsInput & {
  /** Default: the example agents; none where a definition has agents. */
  readonly agents?: readonly (Agent | UpstreamAgentConfig)[];
  /** Agents and what they know, defined in code: `createServer(…).define()`. */
  readonly definitions?: readonly Definition[];
  /** Servers and programs that have tools, by name. */
  readonly toolServices?: OwnToolServices;
  /** What one may call by voice (docs/voice.md). */
  readonly flows?: readonly FlowConfig[];
};

/** Gives `colloquy.config.ts` its types: `export default defineConfig({ port: 8080, agents: [...] })`. */
export function defineConfig(config: Config): Config {
  return config;
}

/**
 * `PARLANT_URL_RESEARCH_PAPER=http://…`: the agent `research_paper` lives on that Parlant server, under the same id unless
 * `PARLANT_AGENT_RESEARCH_PAPER` names another.
 */
export function upstreamsFromEnvironment(
  env: Readonly<Record<string, string | undefined>>,
): readonly UpstreamAgentConfig[] {
  return Object.entries(env).flatMap(([variable, value]) => {
    const name = /^PARLANT_URL_([A-Z0-9_]+)$/.exec(variable)?.[1];
    const url = value?.trim();
    if (!name || !url) return [];
    const agentId = env[`PARLANT_AGENT_${name}`]?.trim();
    return [{ id: name.toLowerCase(), upstream: { url, ...(agentId && { agentId }) } }];
  });
}

/** Settings from the environment, else from the configuration, else the default. Throws `SettingsError`. */
export function loadSettings(
  env: Readonly<Record<string, string | undefined>>,
  config: Config = {},
): Settings {
  const { agents: _, definitions: __, toolServices: ___, flows: ____, ...settings } = config;
  const given: Record<string, unknown> = { ...settings };
  const fromEnvironment = new Set<string>();
  for (const { name, variable, kind } of settingsList) {
    const value = env[variable]?.trim();
    if (value === undefined || value === '') continue;
    fromEnvironment.add(name);
    given[name] = fromText(kind, value);
  }
  const nameOf = (name: string): string =>
    fromEnvironment.has(name) || !(name in settings)
      ? variableOf(name)
      : `${variableOf(name)} (${name} in the configuration file)`;
  return parse(given, nameOf);
}

/** Settings of a program that embeds Colloquy: checked, with defaults, without the environment. Throws `SettingsError`. */
export function parseSettings(settings: SettingsInput = {}): Settings {
  return parse(settings, (name) => `The setting "${name}"`);
}

/** As lines of a table: every setting with its variable, unit, default and explanation. */
export const settingsList: readonly {
  readonly name: SettingName;
  readonly variable: string;
  readonly unit: string;
  readonly default: string;
  readonly text: string;
  readonly kind: About['kind'];
}[] = Object.entries(shape).map(([name, setting]) => {
  const { kind, unit, text, defaultText } = describe(setting);
  return {
    name: name as SettingName, // the keys of `shape`
    variable: variableOf(name),
    unit,
    text,
    kind,
    default: defaultText ?? toText(setting.parse(undefined)),
  };
});

/** Every setting at its default. */
export const defaultSettings: Settings = parseSettings();

/** Whether only programs of this machine reach that address. */
export function isLoopback(host: string): boolean {
  const name = host.replace(/^\[|\]$/g, '').toLowerCase();
  return name === 'localhost' || name === '::1' || /^127(\.\d{1,3}){3}$/.test(name);
}

function parse(given: unknown, nameOf: (name: string) => string): Settings {
  const parsed = schema.safeParse(given);
  if (!parsed.success) throw new SettingsError(complaints(parsed.error, given, nameOf));
  const { requestsPerMinute, ...settings } = parsed.data;
  return { ...settings, requestsPerMinute: requestsPerMinute ?? (settings.auth === 'dev' ? 0 : 600) };
}

function complaints(error: z.ZodError, given: unknown, nameOf: (name: string) => string): string {
  const lines = error.issues.map((issue) => {
    if (issue.code === 'unrecognized_keys')
      return `There is no setting ${issue.keys.map((key) => `"${key}"`).join(', ')}.`;
    const name = String(issue.path[0]);
    return `${nameOf(name)} ${issue.message}${insteadOf(name, given)}.`;
  });
  return [...new Set(lines)].join(' ');
}

/** What was given, unless it is a secret, cut so that the line stays a line. */
function insteadOf(name: string, given: unknown): string {
  const setting = shape[name as SettingName]; // undefined for a name that is none: then nothing is shown
  if (setting === undefined || describe(setting).secret) return '';
  return `, not ${inspect((given as Record<string, unknown>)[name], { breakLength: Infinity }).slice(0, 80)}`;
}

function isProxyAddress(value: string): boolean {
  const [address = '', bits = '0'] = value.split('/');
  return (
    ['loopback', 'linklocal', 'uniquelocal'].includes(value) || (isIP(address) > 0 && /^\d{1,3}$/.test(bits))
  );
}

function fromText(kind: About['kind'], value: string): unknown {
  const items = value.split(',').map((item) => item.trim());
  if (kind === 'whole' || kind === 'hops') {
    if (/^-?\d+$/.test(value)) return Number(value);
    return kind === 'hops' && !/^(true|false)$/i.test(value) ? items : value;
  }
  if (kind === 'list') return items.filter((item) => item !== '');
  if (kind === 'yesNo')
    return { '1': true, true: true, '0': false, false: false }[value.toLowerCase()] ?? value;
  return value;
}

function toText(fallback: unknown): string {
  if (typeof fallback === 'boolean') return fallback ? '1' : '0';
  return typeof fallback === 'string' || typeof fallback === 'number' ? String(fallback) : '';
}

function describe(setting: z.ZodType): About {
  return about.get(setting)!; // every schema above is registered
}

function variableOf(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}

function text(fallback: string, unit: string, explanation: string) {
  return z
    .string({ error: 'must be a text' })
    .min(1, 'must not be empty')
    .default(fallback)
    .register(about, { kind: 'text', unit, text: explanation });
}

function optionalText(unit: string, explanation: string) {
  return z
    .string({ error: 'must be a text' })
    .min(1, 'must not be empty')
    .optional()
    .register(about, { kind: 'text', unit, text: explanation });
}

function secretText(explanation: string, { min = 1 }: { readonly min?: number } = {}) {
  const error = min > 1 ? `must have at least ${min} characters` : 'must not be empty';
  return z
    .string({ error })
    .min(min, error)
    .optional()
    .register(about, { kind: 'text', unit: 'text', text: explanation, secret: true });
}

function choice<const Name extends string>(
  names: readonly Name[],
  fallback: NoInfer<Name>,
  explanation: string,
) {
  return z
    .enum(names, { error: `must be ${names.length > 1 ? 'one of ' : ''}${names.join(', ')}` })
    .default(fallback as never) // zod cannot see that a member of a generic enum is one of its outputs
    .register(about, { kind: 'text', unit: names.join(', '), text: explanation });
}

function whole(
  fallback: number,
  unit: string,
  explanation: string,
  { min = 0, max = 1_000_000_000 }: { min?: number; max?: number } = {},
) {
  const error = `must be a whole number from ${min} to ${max}`;
  return z
    .int({ error })
    .min(min, error)
    .max(max, error)
    .default(fallback)
    .register(about, { kind: 'whole', unit, text: explanation });
}

function ms(fallback: number, explanation: string, { min = 0, max = TIMER_LIMIT_MS } = {}) {
  return whole(fallback, 'ms', explanation, { min, max });
}

function yesNo(explanation: string, fallback = false) {
  return z
    .boolean({ error: 'must be 0 or 1' })
    .default(fallback)
    .register(about, { kind: 'yesNo', unit: '0 or 1', text: explanation });
}

function isLiveKitUrl(value: string): boolean {
  return URL.canParse(value) && /^(wss?|https?):$/.test(new URL(value).protocol);
}

function isOrigin(value: string): boolean {
  return URL.canParse(value) && new URL(value).origin === value;
}

function isHttpUrl(value: string): boolean {
  return URL.canParse(value) && /^https?:$/.test(new URL(value).protocol);
}

function isSecureUrl(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, hostname } = new URL(value);
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));
}
