/** OpenAI's HTTP API as its clients meet it: responses, chat completions, embeddings and moderations. */
import { startModelFake, type Frame, type ModelFake, type ModelRequest, type Wire } from './model-fake.ts';

export function startOpenAiFake(): Promise<ModelFake> {
  return startModelFake(wire);
}

/** The same, for clients that stream chat completions: those of everybody who copies the API. */
export function startChatFake(): Promise<ModelFake> {
  return startModelFake({ ...wire, stream: toChunks });
}

/** The question that an answer is asked for: the name of the schema. */
export function questionOf({ body }: ModelRequest): string | undefined {
  const { text, response_format } = body as {
    readonly text?: { readonly format?: { readonly name?: string } };
    readonly response_format?: { readonly json_schema?: { readonly name?: string } };
  };
  return text?.format?.name ?? response_format?.json_schema?.name;
}

/** Of a text: how often each letter stands in it. Near texts have near vectors. */
export function vectorOf(text: string): readonly number[] {
  const letters = text.toLowerCase();
  return 'abcdefghijklmnopqrstuvwxyz'.split('').map((letter) => letters.split(letter).length - 1);
}

const isResponses = ({ path }: ModelRequest) => path.endsWith('/responses');

const wire: Wire = {
  isStream: ({ body }) => body['stream'] === true,
  whole: (reply, request) =>
    isResponses(request) ? toResponse(reply.text, reply.ends) : toCompletion(reply.text, reply.ends),
  stream: toEvents,
  error: ({ status, message = `failed with ${status}`, code = null }) => ({
    error: { message, type: 'some_error', param: null, code },
  }),
  other(request) {
    if (request.path.endsWith('/embeddings')) return toEmbeddings(request.body);
    if (request.path.endsWith('/moderations')) return toModeration(request.body);
    return undefined;
  },
};

type Ends = 'stop' | 'length' | 'refusal' | undefined;

function toResponse(text: string, ends: Ends): unknown {
  const content =
    ends === 'refusal'
      ? [{ type: 'refusal', refusal: text }]
      : [{ type: 'output_text', text, annotations: [] }];
  return {
    id: 'resp_1',
    object: 'response',
    created_at: 1_800_000_000,
    model: 'gpt-5.4',
    status: ends === 'length' ? 'incomplete' : 'completed',
    incomplete_details: ends === 'length' ? { reason: 'max_output_tokens' } : null,
    output: [{ type: 'message', id: 'msg_1', role: 'assistant', status: 'completed', content }],
    usage: responsesUsage,
  };
}

const responsesUsage = {
  input_tokens: 120,
  input_tokens_details: { cached_tokens: 100 },
  output_tokens: 30,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: 150,
};

function toCompletion(text: string, ends: Ends): unknown {
  const message = ends === 'refusal' ? { content: null, refusal: text } : { content: text, refusal: null };
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1_800_000_000,
    model: 'some-model',
    choices: [{ index: 0, message: { role: 'assistant', ...message }, finish_reason: completionEnd(ends) }],
    usage: completionUsage,
  };
}

const completionUsage = {
  prompt_tokens: 120,
  completion_tokens: 30,
  total_tokens: 150,
  prompt_tokens_details: { cached_tokens: 100 },
};

function completionEnd(ends: Ends): string {
  return { stop: 'stop', length: 'length', refusal: 'content_filter' }[ends ?? 'stop'];
}

/** Events of a response. */
function toEvents(
  text: string,
  ends: Ends,
): { readonly text: readonly Frame[]; readonly end: readonly Frame[] } {
  const deltas = text.match(/\s*\S+|\s+$/g) ?? [];
  return {
    text: [
      {
        data: {
          type: 'response.created',
          response: { id: 'resp_1', created_at: 1_800_000_000, model: 'gpt-5.4' },
        },
      },
      {
        data: { type: 'response.output_item.added', output_index: 0, item: { type: 'message', id: 'msg_1' } },
      },
      ...deltas.map((delta) => ({ data: { type: 'response.output_text.delta', item_id: 'msg_1', delta } })),
    ],
    end: [
      {
        data: { type: 'response.output_item.done', output_index: 0, item: { type: 'message', id: 'msg_1' } },
      },
      {
        data: {
          type: ends === 'length' ? 'response.incomplete' : 'response.completed',
          response: {
            incomplete_details: ends === 'length' ? { reason: 'max_output_tokens' } : null,
            usage: responsesUsage,
          },
        },
      },
    ],
  };
}

/** Chunks of a chat completion. */
function toChunks(
  text: string,
  ends: Ends,
): { readonly text: readonly Frame[]; readonly end: readonly Frame[] } {
  const toChunk = (choices: readonly unknown[], usage: unknown = null) => ({
    data: {
      id: 'chatcmpl-1',
      object: 'chat.completion.chunk',
      created: 1,
      model: 'some-model',
      choices,
      usage,
    },
  });
  const deltas = text.match(/\s*\S+|\s+$/g) ?? [];
  return {
    text: deltas.map((content) =>
      toChunk([{ index: 0, delta: { role: 'assistant', content }, finish_reason: null }]),
    ),
    end: [
      toChunk([{ index: 0, delta: {}, finish_reason: completionEnd(ends) }]),
      toChunk([], completionUsage),
      { data: '[DONE]' },
    ],
  };
}

function toEmbeddings(body: ModelRequest['body']): unknown {
  const input = [body['input']].flat().map(String);
  return {
    object: 'list',
    model: 'some-embedding',
    data: input.map((text, index) => ({ object: 'embedding', index, embedding: vectorOf(text) })),
    usage: { prompt_tokens: input.length, total_tokens: input.length },
  };
}

/** What it is about is what it is flagged for. */
function toModeration(body: ModelRequest['body']): unknown {
  const [text = ''] = [body['input']].flat().map(String);
  const categories = [
    'harassment',
    'harassment/threatening',
    'self-harm/intent',
    'violence',
    'violence_and_threats',
    'jailbreaking',
    'pii',
  ];
  const found = Object.fromEntries(categories.map((name) => [name, text.includes(name)]));
  return {
    id: 'modr-1',
    model: 'some-moderation',
    results: [{ flagged: Object.values(found).includes(true), categories: found, category_scores: {} }],
    result_list: [
      { content_type: 'text', risk_level: text.includes('risk') ? 'REJECT' : 'PASS', risk_type: [] },
    ],
  };
}
