/**
 * Starting parses and compiles a lot that is garbage afterwards, and V8 keeps the room it took: 20 to 30 MB of an idle server's
 * 130. The inspector's collection is the one public call that gives it back. It takes about 80 ms, so it comes before listening.
 */
export async function giveBackMemory(): Promise<void> {
  const { Session } = await import('node:inspector/promises');
  const session = new Session();
  session.connect();
  try {
    await session.post('HeapProfiler.collectGarbage');
  } finally {
    session.disconnect();
  }
}
