/** A turn in which guidelines want tools, and the tools: for tests of which are called, and of calling them. */
import type { LocalTool } from '../../src/tools/define-tool.ts';
import { createLocalTools } from '../../src/tools/local-tools.ts';
import { createToolDirectory } from '../../src/tools/tool-directory.ts';
import type { ToolService } from '../../src/tools/tool-service.ts';
import { matchedScore, type GuidelineMatch } from '../../src/engine/guideline.ts';
import type { TurnContext } from '../../src/engine/turn-context.ts';
import { composerTurn, type TurnGiven } from './composer.ts';
import { engineGuideline } from './engine-entities.ts';
import { createUnreachableService } from './tool-service.ts';

/** Tools of the program, and services of the test's own. */
export function toolsOf(local: readonly LocalTool[], services: Readonly<Record<string, ToolService>> = {}) {
  return createToolDirectory({
    local: new Map([['local', createLocalTools(local)], ...Object.entries(services)]),
    stored: { watch() {} },
    connect: (serviceName) => createUnreachableService(serviceName),
  });
}

/** `wanted`: by guideline, the tools it may run. */
export function toolTurn(
  wanted: Readonly<Record<string, readonly string[]>>,
  given: TurnGiven = {},
): TurnContext {
  const toolEnabled = Object.entries(wanted).map(([id, toolIds]) => ({ match: matchOf(id), toolIds }));
  return composerTurn({ toolEnabled, ...given });
}

export function matchOf(id: string): GuidelineMatch {
  return { guideline: engineGuideline(id), score: matchedScore, rationale: `${id} applies` };
}

export type Warnings = {
  readonly warnings: readonly string[];
  readonly logger: {
    warn(facts: object, message: string): void;
    error(facts: object, message: string): void;
  };
};

export function collectWarnings(): Warnings {
  const warnings: string[] = [];
  const note = (_facts: object, message: string) => void warnings.push(message);
  return { warnings, logger: { warn: note, error: note } };
}
