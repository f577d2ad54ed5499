/** The AI SDK prints a warning for each setting that a model does not know, with each request. What is dropped is dropped on purpose. */
import { wrapLanguageModel, type LanguageModelMiddleware } from 'ai';

/** A model; a name alone would be asked of a gateway. */
export type ChatModel = ReturnType<typeof wrapLanguageModel>;

export function withoutWarnings(model: ChatModel): ChatModel {
  return wrapLanguageModel({ model, middleware });
}

const middleware: LanguageModelMiddleware = {
  specificationVersion: 'v4',
  wrapGenerate: async ({ doGenerate }) => ({ ...(await doGenerate()), warnings: [] }),
  async wrapStream({ doStream }) {
    const { stream, ...rest } = await doStream();
    return { ...rest, stream: stream.pipeThrough(quietly()) };
  },
};

type Streamed = Awaited<ReturnType<ChatModel['doStream']>>['stream'];
type Part = Streamed extends ReadableStream<infer Each> ? Each : never;

function quietly(): TransformStream<Part, Part> {
  return new TransformStream({
    transform: (part, stream) =>
      stream.enqueue(part.type === 'stream-start' ? { ...part, warnings: [] } : part),
  });
}
