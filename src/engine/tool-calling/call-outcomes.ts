/** Results of calls that brought none: what the agent is told instead, in words that it can hand on. */
import type { JsonObject } from '../../event-log/event.ts';
import type { ToolGuideline, ToolResult } from '../../tools/tool.ts';
import type { ToolCall } from '../stages.ts';
import type { StagedResult } from '../turn-context.ts';

/** What has gone wrong is for front ends: models make something up about it. */
export function failedCall(call: ToolCall, error: unknown): StagedResult {
  return staged(call, {
    data: 'This did not work: there is no result.',
    metadata: { error_details: toDetails(error) },
  });
}

/** It was begun, and nobody knows how it ended. `error`: why, where that is known. */
export function unknownCall(call: ToolCall, error?: unknown): StagedResult {
  return staged(call, {
    data:
      'It is not known whether this has taken effect: it was begun, and no answer came. It was not tried again, so that it does not ' +
      'happen twice. It has to be checked first.',
    metadata: {
      outcome: 'unknown',
      ...(error !== undefined && { error_details: toDetails(error) }),
    },
    guidelines: [sayThatItIsUnknown],
    cannedResponses: [
      'I am sorry: I was interrupted, and I do not know whether that has taken effect. I have not tried it again, so that it does not ' +
        'happen twice. Please check before you ask for it once more.',
    ],
  });
}

/** The outcome of another call of its tool is not known: this may be the same in other words. */
export function withheldCall(call: ToolCall): StagedResult {
  return staged(call, {
    data: 'This was not called: it is not known whether an earlier call of the same tool has taken effect, and it could happen twice.',
    metadata: { outcome: 'not_called' },
    guidelines: [sayThatItIsUnknown],
  });
}

export function isUnknown({ result }: StagedResult): boolean {
  return result.metadata['outcome'] === 'unknown';
}

const sayThatItIsUnknown: ToolGuideline = {
  action:
    'Tell the customer plainly that you do not know whether what they asked for has taken effect, that you have not tried it again so ' +
    'that it does not happen twice, and that it should be checked first',
  criticality: 'high',
};

function staged(
  { toolId, arguments: args }: ToolCall,
  told: Pick<ToolResult, 'data' | 'metadata'> & Partial<ToolResult>,
): StagedResult {
  const nothing = { control: {}, cannedResponses: [], cannedResponseFields: {}, guidelines: [] };
  return { toolId, arguments: args, result: { ...nothing, ...told } };
}

/** In characters. */
const longestDetails = 1_000;

/** What it was, never where in the code. */
function toDetails(error: unknown): JsonObject[string] {
  const text = error instanceof Error ? error.message || error.name : String(error);
  return text.slice(0, longestDetails);
}
