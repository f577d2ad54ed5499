/** What a provider is reached with: the program's settings first, then the variables that its vendor is known by, then a default. */
import type { ModelProviderName } from '../../provider-names.ts';
import { NlpSettingsError } from '../../nlp-settings-error.ts';
import { defaultModels } from './default-models.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export type ProviderSettings = {
  readonly model?: string | undefined;
  readonly embeddingModel?: string | undefined;
  readonly baseUrl?: string | undefined;
  readonly apiKey?: string | undefined;
};

export type Access = {
  /** Throws `NlpSettingsError` unless it is set. */
  key(variable: string): string;
  /** For servers that may do without. */
  optionalKey(variable?: string): string | undefined;
  /** Throws `NlpSettingsError` where neither settings nor variable nor defaults name one. */
  model(variable?: string): string;
  /** Undefined: it is not used for that. */
  embeddingModel(variable?: string): string | undefined;
  /** Without a slash at its end. Throws `NlpSettingsError` where there is none. */
  baseUrl(fallback?: string, variable?: string): string;
  /** Throws `NlpSettingsError` unless it is set. */
  need(variable: string): string;
  optional(variable: string): string | undefined;
};

export function createAccess({
  name,
  settings,
  env,
}: {
  readonly name: ModelProviderName;
  readonly settings: ProviderSettings;
  readonly env: Environment;
}): Access {
  const optional = (variable?: string) => (variable && env[variable]?.trim()) || undefined;

  /** What may be said by any of them, the first one being the one to ask for. */
  function demand(value: string | undefined, variable: string): string {
    if (value === undefined)
      throw new NlpSettingsError(`${variable} must be set: the language provider ${name} needs it.`);
    return value;
  }

  return {
    key: (variable) => demand(settings.apiKey ?? optional(variable), variable),
    optionalKey: (variable) => settings.apiKey ?? optional(variable),
    model: (variable) =>
      demand(settings.model ?? optional(variable) ?? defaultModels[name]?.model, variable ?? 'NLP_MODEL'),
    embeddingModel: (variable) =>
      settings.embeddingModel ?? optional(variable) ?? defaultModels[name]?.embeddingModel,
    baseUrl: (fallback, variable) =>
      demand(settings.baseUrl ?? optional(variable) ?? fallback, variable ?? 'NLP_BASE_URL').replace(
        /\/+$/,
        '',
      ),
    need: (variable) => demand(optional(variable), variable),
    optional,
  };
}
