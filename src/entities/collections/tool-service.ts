/** What is stored of a tool service: where tools are that run on another server. The id is its name. */
import type { Collection } from '../../documents/collection.ts';
import type { Stored } from '../../documents/document-store.ts';
import type { ToolServiceConfig } from '../../tools/tool-service.ts';

export type ToolServiceRecord = Stored<ToolServiceConfig>;

export const toolServiceCollection: Collection<ToolServiceConfig> = {
  name: 'tool_services',
  noun: 'service',
};
