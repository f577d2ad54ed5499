/**
 * Several providers behind one another: what the first one cannot answer, the next one is asked. With one of them alone it is that one.
 * What can be done is what any of them can do.
 */
import { NlpError } from '../errors.ts';
import type { NlpService } from './nlp.ts';

/** In the order in which they are asked. The last one's failure is the failure. */
export function createFallbackNlp(services: readonly [NlpService, ...NlpService[]]): NlpService {
  const [first, ...others] = services;
  if (others.length === 0) return first;
  const streaming = services.flatMap(({ streamText }) => streamText ?? []);
  const moderating = services.flatMap(({ moderate }) => moderate ?? []);
  return {
    name: services.map(({ name }) => name).join(', '),

    ask: (question, input, options) =>
      firstToAnswer(services, options.signal, (service) => service.ask(question, input, options)),

    ...(streaming.length > 0 && {
      streamText: (input, options) =>
        firstToSpeak(
          streaming.map((stream) => () => stream(input, options)),
          options.signal,
        ),
    }),

    rank: (query, candidates, options) =>
      firstToAnswer(services, options.signal, (service) => service.rank(query, candidates, options)),

    ...(moderating.length > 0 && {
      moderate: (text, options) =>
        firstToAnswer(moderating, options.signal, (moderate) => moderate(text, options)),
    }),

    async close() {
      await Promise.all(services.map((service) => service.close()));
    },
  };
}

async function firstToAnswer<Member, Result>(
  members: readonly Member[],
  signal: AbortSignal,
  ask: (member: Member) => Promise<Result>,
): Promise<Result> {
  let failure: unknown;
  for (const member of members) {
    try {
      return await ask(member);
    } catch (error) {
      if (!isPassable(error, signal)) throw error;
      failure = error;
    }
  }
  throw failure;
}

/** Once it has begun to speak, nobody else can go on. */
async function* firstToSpeak(
  streams: readonly (() => AsyncIterable<string>)[],
  signal: AbortSignal,
): AsyncIterable<string> {
  let failure: unknown;
  for (const open of streams) {
    let hasSpoken = false;
    try {
      for await (const piece of open()) {
        hasSpoken = true;
        yield piece;
      }
      return;
    } catch (error) {
      if (hasSpoken || !isPassable(error, signal)) throw error;
      failure = error;
    }
  }
  throw failure;
}

function isPassable(error: unknown, signal: AbortSignal): boolean {
  return error instanceof NlpError && !signal.aborted;
}
