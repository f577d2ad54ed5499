/** So much at a time: what comes more waits for its turn, in order. */

export type Limit = <Result>(work: () => Promise<Result>) => Promise<Result>;

export function createLimit(atMost: number): Limit {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (running >= atMost) await new Promise<void>((begin) => waiting.push(begin));
    else running += 1;
    try {
      return await work();
    } finally {
      // Whoever waits takes the place.
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
