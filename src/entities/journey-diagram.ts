/**
 * A journey as a picture: a Mermaid state diagram. Texts are anybody's and must never become syntax, so that all but letters, digits
 * and a few harmless signs are written as Mermaid's own entities (`#34;`), which it draws as what they stand for.
 */
import type { JourneyNode } from './collections/journey.ts';
import type { JourneyGraph } from './journey-graph.ts';

const chatStyle = 'fill:#14532d,stroke:#ffffff,stroke-width:2px,color:#ffffff';
const toolStyle = 'fill:#fde68a,stroke:#92400e,stroke-width:2px,color:#78350f';

/** Lines, without one at the end. Steps no way leads to are drawn too. */
export function toMermaid(graph: JourneyGraph): string {
  const { journey, edges } = graph;
  const nodes = graph.nodes.filter(({ id }) => id !== journey.rootId || !isStart(graph));
  const names = new Map(nodes.map(({ id }, index) => [id, `N${index}`]));
  const nameOf = (nodeId: string) => names.get(nodeId) ?? '[*]';
  const beginning = names.get(journey.rootId);
  return [
    'stateDiagram-v2',
    ...nodes.map((node) => `    ${toState(node, nameOf(node.id))}`),
    ...(beginning ? [`    [*] --> ${beginning}`] : []),
    ...edges.map(
      ({ source, target, condition }) =>
        `    ${nameOf(source)} --> ${nameOf(target)}${condition === null ? '' : `: ${escape(condition)}`}`,
    ),
    ...nodes.filter(isLabelled).map((node) => `    style ${nameOf(node.id)} ${styleOf(node)}`),
  ].join('\n');
}

/** Mermaid's own sign for a start says all of a root that does nothing; but where a way leads back, it would look like the end. */
function isStart({ journey, nodes, edges }: JourneyGraph): boolean {
  const root = nodes.find(({ id }) => id === journey.rootId);
  if (!root || isLabelled(root)) return false;
  return edges.some(({ source }) => source === root.id) && edges.every(({ target }) => target !== root.id);
}

function toState(node: JourneyNode, name: string): string {
  return isLabelled(node) ? `state "${escape(labelOf(node))}" as ${name}` : `state ${name} <<choice>>`;
}

/** A fork has nothing to say. */
function isLabelled(node: JourneyNode): boolean {
  return labelOf(node) !== '';
}

function labelOf({ action, tools }: JourneyNode): string {
  return action ?? tools.join(', ');
}

function styleOf({ tools }: JourneyNode): string {
  return tools.length > 0 ? toolStyle : chatStyle;
}

/** Of ASCII only these signs mean nothing to Mermaid; beyond it, all that can be seen. */
const harmful = /[^\p{L}\p{M}\p{N}\p{P}\p{S} ]|[[!-~]--[A-Za-z0-9,.!?'\(\)\/\-]]/gv;

function escape(text: string): string {
  return text
    .trim()
    .replaceAll(/\s+/gu, ' ')
    .replaceAll(harmful, (sign) => `#${sign.codePointAt(0)};`);
}
