/** Opens the provider of a name. Only its own package is loaded. */
import type { ModelProviderName } from '../../provider-names.ts';
import type { ModelProvider } from '../model-provider.ts';
import { createAccess, type Environment, type ProviderSettings } from './access.ts';

/** Rejects with `NlpSettingsError` where something is missing. Nothing is asked of the provider yet. */
export async function openProvider(
  name: ModelProviderName,
  { settings, env }: { readonly settings: ProviderSettings; readonly env: Environment },
): Promise<ModelProvider> {
  const access = createAccess({ name, settings, env });
  switch (name) {
    case 'anthropic':
      return (await import('./anthropic.ts')).openAnthropic(access);
    case 'azure':
      return (await import('./azure.ts')).openAzure(access);
    case 'bedrock':
      return (await import('./bedrock.ts')).openBedrock(access);
    case 'google':
      return (await import('./google.ts')).openGoogle(access);
    case 'mistral':
      return (await import('./mistral.ts')).openMistral(access);
    case 'openai':
      return (await import('./openai.ts')).openOpenAi(access);
    default:
      return (await import('./compatible.ts')).openCompatible(name, access);
  }
}
