/** Tools as questions show them, read only where a question is about them: another server may have to be asked. */
import { hash } from 'node:crypto';
import { ToolNotFoundError } from '../../errors.ts';
import type { GuidelineText } from '../../nlp/questions/indexing.ts';
import type { ToolDirectory } from '../../tools/tool-service.ts';
import { parseToolId, type ToolId } from '../../tools/tool.ts';
import type { Wording } from './finding.ts';
import { madeOfTools, type Property } from './properties.ts';

export type AskedTools = {
  readonly tools: GuidelineText['tools'];
  /** Of all that is said of them; null: they make no difference. */
  readonly digest: string | null;
};

/** `ToolNotFoundError`, `ServiceUnavailableError`. */
export async function readTools(
  tools: Pick<ToolDirectory, 'service'>,
  { toolIds }: Pick<Wording, 'toolIds'>,
  properties: readonly Property[],
): Promise<AskedTools> {
  if (!properties.some((property) => madeOfTools.includes(property))) return { tools: [], digest: null };
  const read = await Promise.all(toolIds.toSorted().map((toolId) => readTool(tools, toolId)));
  const described = read.map(({ toolId, tool: { creationUtc: _, ...tool } }) => [toolId, tool]);
  return { tools: read, digest: hash('sha256', JSON.stringify(described), 'base64url') };
}

async function readTool(
  tools: Pick<ToolDirectory, 'service'>,
  toolId: ToolId,
): Promise<GuidelineText['tools'][number]> {
  const { serviceName, toolName } = parseToolId(toolId);
  const tool = await tools.service(serviceName)?.read(toolName);
  if (!tool) throw new ToolNotFoundError(toolId);
  return { toolId, tool };
}
