/** What retrievers have found: those of the agent, begun with the turn, and those of what applies. */
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
    .flatMap(({ retrievers = [] }) => retrievers)
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

function toStaged(id: string, found: Retrieved): StagedResult | undefined {
  if (!found) return undefined;
  const {
    data = null,
    metadata = {},
    cannedResponses = [],
    cannedResponseFields = {},
    guidelines = [],
  } = found;
  const isEmpty =
    data === null &&
    cannedResponses.length === 0 &&
    guidelines.length === 0 &&
    Object.keys(cannedResponseFields).length === 0;
  if (isEmpty) return undefined;
  return {
    toolId: `${serviceName}:${id}`,
    arguments: {},
    result: {
      data,
      metadata,
      control: { lifespan: 'response' },
      cannedResponses,
      cannedResponseFields,
      guidelines,
    },
  };
}
