/** Anthropic's messages API as its clients meet it. */
import { startModelFake, type ModelFake, type Wire } from './model-fake.ts';

export function startAnthropicFake(): Promise<ModelFake> {
  return startModelFake(wire);
}

const reasons = { stop: 'end_turn', length: 'max_tokens', refusal: 'refusal' } as const;
const usage = {
  input_tokens: 20,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 100,
  output_tokens: 30,
};
const message = {
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'claude-sonnet-5',
  stop_sequence: null,
};

const wire: Wire = {
  isStream: ({ body }) => body['stream'] === true,
  whole: ({ text, ends = 'stop' }, { body }) => ({
    ...message,
    ...('tool_choice' in body
      ? {
          content: [{ type: 'tool_use', id: 't', name: 'json', input: JSON.parse(text) }],
          stop_reason: 'tool_use',
        }
      : { content: [{ type: 'text', text }], stop_reason: reasons[ends] }),
    usage,
  }),
  stream: (text, ends) => ({
    text: [
      frame('message_start', { message: { ...message, content: [], stop_reason: null, usage } }),
      frame('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }),
      frame('ping', {}),
      ...(text.match(/\s*\S+|\s+$/g) ?? []).map((each) =>
        frame('content_block_delta', { index: 0, delta: { type: 'text_delta', text: each } }),
      ),
    ],
    end: [
      frame('content_block_stop', { index: 0 }),
      frame('message_delta', { delta: { stop_reason: reasons[ends], stop_sequence: null }, usage }),
      frame('message_stop', {}),
    ],
  }),
  error: ({ status, message: said = `failed with ${status}`, code = 'api_error' }) => ({
    type: 'error',
    error: { type: code, message: said },
  }),
};

function frame(type: string, data: object) {
  return { event: type, data: { type, ...data } };
}
