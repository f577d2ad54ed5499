/** Who can be asked: what `NLP` may name. Nothing of them is loaded by knowing their names. */

export const modelProviderNames = [
  'anthropic',
  'azure',
  'bedrock',
  'cerebras',
  'deepseek',
  'fireworks',
  'google',
  'litellm',
  'mistral',
  'modelscope',
  'novita',
  'ollama',
  'openai',
  'openai-compatible',
  'openrouter',
  'qwen',
  'together',
  'zhipu',
] as const;
export type ModelProviderName = (typeof modelProviderNames)[number];

export const nlpNames = ['offline', ...modelProviderNames] as const;
export type NlpName = (typeof nlpNames)[number];

/** One provider, and a model of its where it is named: `openai`, `openrouter/vendor/model`. */
export type NlpChoice = { readonly name: NlpName; readonly model?: string };

/** `anthropic, openai/gpt-…`: to be tried in this order. Undefined: one of them is nobody's name. */
export function parseNlpChoices(text: string): readonly NlpChoice[] | undefined {
  const choices = text.split(',').map((each) => parseChoice(each.trim()));
  return choices.every((choice) => choice !== undefined) ? choices : undefined;
}

/** Model names have slashes of their own. */
function parseChoice(text: string): NlpChoice | undefined {
  const [, given = '', model] = /^([^/]*)(?:\/(.+))?$/.exec(text) ?? [];
  const name = nlpNames.find((each) => each === given);
  if (name === undefined || (name === 'offline' && model !== undefined)) return undefined;
  return { name, ...(model !== undefined && { model }) };
}
