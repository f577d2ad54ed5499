/** The engine's numbers for `GET /metrics`: kept as plain counts while it works, and made metrics of when they are asked for. */
import { Counter, Histogram, type Registry } from 'prom-client';
import type { Attributes, Measures } from './telemetry.ts';

export function createEngineMetrics(registers: Registry[]): Measures {
  const turnDurations = new Histogram({
    name: 'colloquy_engine_turn_duration_seconds',
    help: 'Time from a message to the end of its answer, for turns of the engine that were answered.',
    buckets: [0.05, 0.25, 1, 2.5, 5, 10, 30, 60],
    registers,
  });
  const firstMessages = new Histogram({
    name: 'colloquy_engine_first_message_seconds',
    help: 'Time from a message to the first message of its answer.',
    buckets: [0.05, 0.25, 1, 2.5, 5, 10, 30, 60],
    registers,
  });
  const turns = tally(
    { name: 'colloquy_engine_turns_total', help: 'Turns of the engine, by outcome.', registers },
    ['outcome'],
  );
  const requests = tally(
    { name: 'colloquy_nlp_requests_total', help: 'Questions to language models.', registers },
    ['question', 'model', 'outcome'],
  );
  const tokens = tally(
    { name: 'colloquy_nlp_tokens_total', help: 'Tokens that language models read and wrote.', registers },
    ['question', 'model', 'kind'],
  );
  const toolCalls = tally({ name: 'colloquy_tool_calls_total', help: 'Calls of tools.', registers }, [
    'tool',
    'outcome',
  ]);
  return {
    duration(name, ms, attributes = {}) {
      const outcome = textOf(attributes, 'outcome');
      if (name === 'eng.process') {
        turns([outcome], 1);
        if (outcome === 'completed') turnDurations.observe(ms / 1_000);
      } else if (name === 'ttfm') firstMessages.observe(ms / 1_000);
      else if (name === 'tc.call') toolCalls([textOf(attributes, 'tool.id'), outcome], 1);
      else if (name === 'gen' || name === 'stream' || name === 'embed' || name === 'moderation')
        requests([textOf(attributes, 'schema.name'), textOf(attributes, 'model.name'), outcome], 1);
    },

    count(name, amount, attributes = {}) {
      const kind = tokenKinds.get(name);
      if (kind) tokens([textOf(attributes, 'schema.name'), textOf(attributes, 'model.name'), kind], amount);
    },
  };
}

const tokenKinds = new Map([
  ['input_tokens', 'input'],
  ['output_tokens', 'output'],
  ['cached_input_tokens', 'cached_input'],
]);

function textOf(attributes: Attributes, name: string): string {
  return `${attributes[name] ?? ''}`;
}

type Described = { readonly name: string; readonly help: string; readonly registers: Registry[] };

/** A counter that costs an addition: the library's would check and sort labels each time. */
function tally(
  described: Described,
  labelNames: readonly string[],
): (labels: readonly string[], amount: number) => void {
  const counts = new Map<string, { readonly labels: readonly string[]; amount: number }>();
  void new Counter({
    ...described,
    labelNames: [...labelNames],
    collect() {
      this.reset();
      for (const { labels, amount } of counts.values())
        this.inc(Object.fromEntries(labelNames.map((name, at) => [name, labels[at] ?? ''])), amount);
    },
  });
  return (labels, amount) => {
    const key = labels.join('\n');
    const known = counts.get(key);
    if (known) known.amount += amount;
    else counts.set(key, { labels, amount });
  };
}
