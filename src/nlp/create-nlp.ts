/** The language understanding that the settings name, and any other that an agent names for itself. Nothing is loaded that is not named. */
import type { Clock } from '../session/clock.ts';
import type { NlpLogger } from './ai-sdk/ai-sdk-nlp.ts';
import type { NlpRequest } from './ai-sdk/measure.ts';
import type { Environment, ProviderSettings } from './ai-sdk/providers/access.ts';
import { createFallbackNlp } from './fallback-nlp.ts';
import type { NlpService } from './nlp.ts';
import { NlpSettingsError } from './nlp-settings-error.ts';
import { nlpNames, parseNlpChoices, type NlpChoice } from './provider-names.ts';

/** Of the program's settings, those that matter here. All but `nlp` belong to the first provider it names. */
export type NlpSettings = {
  /** `offline`; a provider; a provider with its model (`openai/gpt-…`); several of these, separated by commas, to be tried in order. */
  readonly nlp: string;
  readonly nlpModel?: string | undefined;
  readonly nlpEmbeddingModel?: string | undefined;
  readonly nlpBaseUrl?: string | undefined;
  readonly nlpApiKey?: string | undefined;
};

export type NlpOptions = {
  /** Default: the machine's own. */
  readonly clock?: Clock;
  /** Where vendors' own variables are looked up. Default: the process's. */
  readonly env?: Environment;
  /** Told of every request to a provider, for metrics and health. */
  readonly onRequest?: (request: NlpRequest) => void;
  readonly logger?: NlpLogger;
  /** Answers where no agent names another, in place of what the settings name. */
  readonly ordinary?: NlpService;
};

export type NlpServices = {
  /** What `NLP` names, or what was given. */
  readonly ordinary: NlpService;
  /**
   * What an agent names for itself, in the form of `NLP`; undefined: the ordinary one. Each is opened once, whoever asks, and the same text
   * is always the same service. Rejects with `NlpSettingsError` where it is nobody's name, or something is missing.
   */
  named(choices: string | undefined): Promise<NlpService>;
  /** Closes all that were opened. */
  close(): Promise<void>;
};

/** Rejects with `NlpSettingsError`. Nothing is asked of a provider yet. */
export async function createNlp(settings: NlpSettings, options: NlpOptions = {}): Promise<NlpService> {
  return (await createNlpServices(settings, options)).ordinary;
}

/** As `createNlp`, for programs whose agents name their own. */
export async function createNlpServices(
  settings: NlpSettings,
  options: NlpOptions = {},
): Promise<NlpServices> {
  const opened = new Map<string, Promise<NlpService>>();
  const chains = new Map<string, Promise<NlpService>>();

  const open = (choice: NlpChoice): Promise<NlpService> => {
    const key = JSON.stringify(choice);
    const service = opened.get(key) ?? openOne(choice, settings, options);
    opened.set(key, service);
    service.catch(() => opened.delete(key));
    return service;
  };

  async function chain(choices: string): Promise<NlpService> {
    const [first, ...others] = await Promise.all(toChoices(choices).map(open));
    if (first === undefined) throw toNameError(choices); // there is always one
    return createFallbackNlp([first, ...others]);
  }

  const named = (choices: string): Promise<NlpService> => {
    const service = chains.get(choices) ?? chain(choices);
    chains.set(choices, service);
    service.catch(() => chains.delete(choices));
    return service;
  };

  const ordinary = options.ordinary ?? (await named(settings.nlp));
  return {
    ordinary,
    named: async (choices) => (choices === undefined ? ordinary : named(choices)),
    async close() {
      const services = await Promise.all(opened.values());
      const given = options.ordinary ? [options.ordinary] : [];
      await Promise.all([...given, ...services].map((service) => service.close()));
    },
  };
}

async function openOne(choice: NlpChoice, settings: NlpSettings, options: NlpOptions): Promise<NlpService> {
  const { name } = choice;
  if (name === 'offline') return openOffline(options);
  const { clock, env = process.env, onRequest, logger } = options;
  const [{ openProvider }, { createAiSdkNlp }] = await Promise.all([
    import('./ai-sdk/providers/open-provider.ts'),
    import('./ai-sdk/ai-sdk-nlp.ts'),
  ]);
  const provider = await openProvider(name, { settings: settingsOf(choice, settings), env });
  return createAiSdkNlp({
    provider,
    fallbackRank: async (query, candidates) =>
      (await import('./offline/rank.ts')).rankByWords(query, candidates),
    ...(clock && { clock }),
    ...(onRequest && { onRequest }),
    ...(logger && { logger }),
  });
}

async function openOffline({ clock }: NlpOptions): Promise<NlpService> {
  const { createOfflineNlp } = await import('./offline/offline-nlp.ts');
  return createOfflineNlp({ ...(clock && { clock }) });
}

/** A key or an address is never sent to another vendor than the one it was given for. */
function settingsOf({ name, model }: NlpChoice, settings: NlpSettings): ProviderSettings {
  const [first] = toChoices(settings.nlp);
  if (first?.name !== name) return { model };
  const { nlpModel, nlpEmbeddingModel, nlpBaseUrl, nlpApiKey } = settings;
  return {
    model: model ?? first.model ?? nlpModel,
    embeddingModel: nlpEmbeddingModel,
    baseUrl: nlpBaseUrl,
    apiKey: nlpApiKey,
  };
}

function toChoices(text: string): readonly NlpChoice[] {
  const choices = parseNlpChoices(text);
  if (choices === undefined) throw toNameError(text);
  return choices;
}

function toNameError(text: string): NlpSettingsError {
  return new NlpSettingsError(`There is no language provider '${text}'; there are ${nlpNames.join(', ')}.`);
}
