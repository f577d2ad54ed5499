/**
 * Loaded into the server under measurement with `--import`, so that it can be asked from outside what it costs. JavaScript, so
 * that a server that runs from `dist/` does not load Node's TypeScript support for the probe's sake. Needs `--expose-gc`.
 */
process.on('message', (/** @type {{ id: number, gc: boolean }} */ question) => {
  if (question.gc) for (let round = 0; round < 3; round++) globalThis.gc?.();
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed, external } = process.memoryUsage();
  const resources = process.getActiveResourcesInfo();
  process.send?.({ id: question.id, cpuMs: (user + system) / 1000, rss, heapUsed, external, resources });
});
// The channel must not keep a server alive that wants to end.
process.channel?.unref();
