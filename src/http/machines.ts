/** `/api/machines`: the statecharts of this server, placed so that a page only has to draw them. They hold no data: anybody may read them. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Chart } from '../charts/chart.ts';
import type { Charts } from '../charts/charts.ts';
import { MachineNotFoundError } from './errors.ts';
import { route, type Route } from './route.ts';
import { machineLayoutSchema, machineSchema } from './schemas/machines.ts';

export function machineRoutes({ charts }: { readonly charts: Charts }): readonly Route[] {
  const drawings = new WeakMap<Chart, Drawing>();
  return [
    route({
      method: 'get',
      path: '/api/machines',
      operation: 'read the statecharts',
      tag: 'Statecharts',
      summary: 'List the statecharts',
      answers: { 200: { description: 'By name.', schema: z.array(machineSchema) } },
      handle: async () => ({ status: 200, body: await charts.list() }),
    }),
    route({
      method: 'get',
      path: '/api/machines/{name}/layout',
      operation: 'read the statecharts',
      tag: 'Statecharts',
      summary: 'A statechart, ready to be drawn',
      description:
        'States and transitions with their places. The ids of transitions are those of `state` frames. Answered with an `ETag`.',
      params: z.object({ name: z.string() }),
      answers: {
        200: { description: 'The statechart.', schema: machineLayoutSchema },
        304: { description: 'As `If-None-Match` has it.' },
      },
      errors: ['MACHINE_NOT_FOUND'],
      async handle({ params: { name = '' }, req, res }) {
        const chart = await charts.draw(name);
        if (!chart) throw new MachineNotFoundError(name);
        const { json, etag } = drawingOf(chart);
        // It changes with the program only: asked for again each time, and answered with 304.
        const headers = { ETag: etag, 'Cache-Control': 'no-cache' };
        if (req.headers['if-none-match'] === etag) return { status: 304, headers };
        res
          .writeHead(200, {
            ...headers,
            'Content-Type': 'application/json; charset=utf-8',
            'Content-Length': Buffer.byteLength(json),
          })
          .end(json);
        return undefined;
      },
    }),
  ];

  function drawingOf(chart: Chart): Drawing {
    const known = drawings.get(chart) ?? toDrawing(chart);
    drawings.set(chart, known);
    return known;
  }
}

type Drawing = { readonly json: string; readonly etag: string };

function toDrawing(chart: Chart): Drawing {
  const json = JSON.stringify(chart);
  return { json, etag: `"${createHash('sha256').update(json).digest('base64url').slice(0, 22)}"` };
}
