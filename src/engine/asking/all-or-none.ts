/** Work that is done in parallel, and of which nothing is wanted as soon as one part of it has failed, or nobody waits for it any more. */

/**
 * What came of each, in their order. Rejects at once with the first failure, or with the signal's reason; the signal that the parts were
 * given has fired then. Nothing waits for a part that does not listen.
 */
export async function allOrNone<Part, Result>(
  parts: readonly Part[],
  {
    signal,
    work,
  }: { readonly signal: AbortSignal; readonly work: (part: Part, signal: AbortSignal) => Promise<Result> },
): Promise<readonly Result[]> {
  signal.throwIfAborted();
  // Not `AbortSignal.any`, which leaves a trace in a long-lived signal until the garbage collector comes.
  const together = new AbortController();
  const { promise: givenUp, reject } = Promise.withResolvers<never>();
  const giveUp = (): void => reject(signal.reason);
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    return await Promise.race([givenUp, Promise.all(parts.map((part) => work(part, together.signal)))]);
  } catch (error) {
    together.abort(error);
    throw error;
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}
