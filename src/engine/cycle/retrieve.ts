/** What retrievers have found: those of the agent, begun with the turn, and those of what applies. */
import { ToolFailedError } from '../../errors.ts';
import { isObject } from '../../tools/json.ts';
import { fromHandler, toolResult } from '../../tools/tool-result.ts';
import { toToolId, type ToolId, type ToolResult } from '../../tools/tool.ts';
import type { Retrieved, Retriever } from '../extensions.ts';
import type { StagedResult, TurnContext } from '../turn-context.ts';
import { activeEntities } from './active-entities.ts';
import type { TurnWork } from './turn-work.ts';

/** The service that retrievers are told as. */
const serviceName = 'retriever';

/** Rejects where one of them failed. */
export async function retrieve(work: TurnWork): Promise<readonly StagedResult[]> {
  const { context, retrievals } = work;
  const ofAgent = retrievals.map(async ({ id, found }) => toStaged(id, await complete(await found, context)));
  const ofOthers = activeEntities(context)
    .flatMap(({ extensions: { retrievers = [] } }) => retrievers)
    .map((retriever) => retrieveNow(retriever, context));
  const staged = await Promise.all([...ofAgent, ...ofOthers]);
  return staged.flatMap((each) => each ?? []);
}

async function retrieveNow(
  { id, retrieve: ask }: Retriever,
  context: TurnContext,
): Promise<StagedResult | undefined> {
  return toStaged(id, await complete(await ask(context), context));
}

/** A retriever may want to know everything before it answers. */
async function complete(
  found: Awaited<ReturnType<Retriever['retrieve']>>,
  context: TurnContext,
): Promise<Retrieved> {
  return typeof found === 'function' ? found(context) : found;
}

/** What it is worth is known for this answer only. */
function toStaged(id: string, found: unknown): StagedResult | undefined {
  if (found === undefined || found === null) return undefined;
  const toolId = toToolId(serviceName, id);
  checkParts(toolId, found);
  const result = fromHandler(toolId, toolResult({ data: null, ...found }));
  return isEmpty(result)
    ? undefined
    : { toolId, arguments: {}, result: { ...result, control: { lifespan: 'response' } } };
}

const parts = ['data', 'metadata', 'cannedResponses', 'cannedResponseFields', 'guidelines'];

/** Data as such, or a misspelt part, would be lost without a word. */
function checkParts(toolId: ToolId, found: unknown): asserts found is object {
  const isWhole = isObject(found) && Object.keys(found).every((key) => parts.includes(key));
  if (isWhole) return;
  throw new ToolFailedError(toolId, `a retriever answers with an object of ${parts.join(', ')}, or nothing`);
}

function isEmpty({ data, cannedResponses, cannedResponseFields, guidelines }: ToolResult): boolean {
  return (
    data === null &&
    cannedResponses.length === 0 &&
    guidelines.length === 0 &&
    Object.keys(cannedResponseFields).length === 0
  );
}
