/** Statecharts on the wire: what `src/charts` draws, as it is. */
import { z } from 'zod';

const point = z.object({ x: z.number(), y: z.number() });
const box = { x: z.number(), y: z.number(), width: z.number(), height: z.number() };

export const machineSchema = z
  .object({
    name: z.string().meta({ examples: ['session'] }),
    id: z.string().meta({ description: 'With its version.', examples: ['session.v1'] }),
    description: z.string().nullable(),
  })
  .meta({ id: 'Machine', description: 'A statechart of this server.' });

const nodeSchema = z
  .object({
    id: z.string(),
    key: z.string().meta({ description: 'Its name among its siblings: what a state value holds.' }),
    parentId: z.string().nullable().meta({ description: 'null: the machine itself.' }),
    type: z.enum(['atomic', 'compound', 'parallel', 'final', 'history']),
    description: z.string().nullable(),
    tags: z.array(z.string()),
    initial: z.string().nullable().meta({ description: 'Id of the state that a compound one begins in.' }),
    ...box,
  })
  .meta({ id: 'MachineNode', description: 'A state.' });

const edgeSchema = z
  .object({
    id: z.string().meta({ description: 'As `transition.id` of `state` frames.' }),
    source: z.string(),
    target: z.string(),
    event: z.string().meta({ description: 'Its type; empty where only the guard decides.' }),
    label: z.string().meta({ description: 'The event in words: the first line of the label.' }),
    guard: z.string().nullable().meta({ description: 'The second line, in brackets.' }),
    description: z.string().nullable(),
    internal: z
      .boolean()
      .meta({ description: 'It leaves no state: no line, its label stands inside its state.' }),
    points: z
      .array(point)
      .meta({ description: 'The line; transitions between the same two states share it.' }),
    labelX: z.number(),
    labelY: z.number(),
    labelWidth: z.number(),
    labelHeight: z.number(),
  })
  .meta({ id: 'MachineEdge', description: 'A transition.' });

const startSchema = z
  .object({ parentId: z.string(), target: z.string(), ...box, points: z.array(point) })
  .meta({ id: 'MachineStart', description: 'Where a compound state begins: a dot, and its line.' });

export const machineLayoutSchema = machineSchema
  .extend({
    size: z.object({ width: z.number(), height: z.number() }),
    nodes: z.array(nodeSchema).meta({ description: 'Outer states before inner ones.' }),
    edges: z.array(edgeSchema),
    starts: z.array(startSchema),
  })
  .meta({ id: 'MachineLayout', description: 'A statechart with every place known, in pixels.' });
