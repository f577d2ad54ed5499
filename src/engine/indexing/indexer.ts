/**
 * Looks into what agents know as soon as it is written, and at the start into what was not looked into yet: beside all turns and writes,
 * none of which waits for it. What fails is logged and tried again later.
 */
import type { DocumentStore } from '../../documents/document-store.ts';
import type { Clock } from '../../session/clock.ts';
import { noTelemetry, type Telemetry } from '../../telemetry/telemetry.ts';
import { createBacklog, type Subject } from './backlog.ts';
import { lookInto } from './look-into.ts';
import type { Findings } from './findings.ts';
import type { Inquiry } from './inquiry.ts';
import { createOutage } from './outage.ts';
import { createProgress, type ProgressLogger } from './progress.ts';
import { type Everything, idsOf, type IsExempt, isKnown, readEverything } from './subjects.ts';
import { createWrittenSubjects } from './written-subjects.ts';

export type IndexerOptions = {
  readonly documents: DocumentStore;
  readonly findings: Findings;
  readonly inquiry: Inquiry;
  readonly clock: Clock;
  readonly logger: ProgressLogger & { warn(facts: object, message: string): void };
  /** Default: nobody is. */
  readonly isExempt?: IsExempt;
  /** What is written piece by piece is looked into when nothing was written for so long. Default 1000. */
  readonly settleMs?: number;
  readonly telemetry?: Telemetry;
};

export interface Indexer {
  /** Resolves when there is nothing to look into but what has failed. */
  idle(): Promise<void>;
  /** Gives up what is under way; it is asked again at the next start. */
  close(): Promise<void>;
}

/** Looked into at a time. How many questions that are is the inquiry's business. */
const atOnce = 8;
/** So long are findings kept of texts that nobody has any more: they may come back. */
const keptMs = 30 * 86_400_000;

export function startIndexer(options: IndexerOptions): Indexer {
  const { documents, findings, inquiry, clock, logger, isExempt = () => false } = options;
  const { telemetry = noTelemetry, settleMs = 1_000 } = options;
  const ending = new AbortController();
  const { signal } = ending;
  const backlog = createBacklog({ clock, settleMs });
  const written = createWrittenSubjects();
  const underWay = new Set<Promise<void>>();
  const left = (): number => backlog.size() + underWay.size;
  const progress = createProgress({ clock, logger, left });
  const outage = createOutage({ clock, logger });
  let onIdle = Promise.withResolvers<void>();
  let onChange = new AbortController();

  const stop = documents.onCommitted((changes) => {
    const subjects = written.of(changes);
    for (const subject of subjects) backlog.write(subject);
    if (subjects.length > 0) onChange.abort();
  });
  const started = telemetry.span('startup.indexing', {}, start).catch((err: unknown) => {
    if (!signal.aborted) logger.warn({ err }, 'what agents know could not be read');
  });
  const running = run();

  async function run(): Promise<void> {
    await started;
    while (!signal.aborted) {
      takeUp();
      if (left() === 0) {
        onIdle.resolve();
        onIdle = Promise.withResolvers();
      }
      await untilSomethingHappens();
    }
    await Promise.all(underWay);
  }

  async function start(): Promise<void> {
    const everything = await readEverything(documents, isExempt);
    for (const [partId, subject] of partsOf(everything)) written.know(partId, subject);
    const unknown = everything.guidelines.filter(({ task }) => !isKnown(task, findings));
    backlog.leave([
      ...unknown.map(({ id }): Subject => ({ kind: 'guideline', id })),
      ...everything.journeys.map(({ journey: { id } }): Subject => ({ kind: 'journey', id })),
    ]);
    const before = new Date(clock.now() - keptMs).toISOString();
    await findings.forget({ before, except: idsOf(everything, findings) });
  }

  function takeUp(): void {
    while (underWay.size < atOnce && !outage.isOn()) {
      const subject = backlog.take();
      if (!subject) break;
      const work = tryTo(subject).finally(() => {
        underWay.delete(work);
        progress.step();
        onChange.abort();
      });
      underWay.add(work);
    }
    if (left() > 0) progress.busy();
    else progress.idle();
  }

  /** Something was written, is done, or comes back; or it is the end. */
  async function untilSomethingHappens(): Promise<void> {
    const { signal: happened } = onChange;
    const nextAt = outage.isOn() ? outage.endsAt() : backlog.nextAt();
    if (nextAt !== undefined && underWay.size < atOnce)
      await clock.waitUntil(nextAt, happened).catch(() => {});
    else await aborted(happened);
    if (happened.aborted) onChange = new AbortController();
  }

  async function tryTo(subject: Subject): Promise<void> {
    try {
      await telemetry.scope('Indexer', () => lookInto(subject, { documents, inquiry, isExempt, signal }));
      backlog.done(subject);
      outage.succeeded();
    } catch (error) {
      if (signal.aborted) return;
      backlog.putOff(subject);
      outage.failed(subject, error);
    }
  }

  return {
    async idle() {
      await started;
      while (left() > 0 && !signal.aborted) await onIdle.promise;
    },

    async close() {
      stop();
      ending.abort();
      onChange.abort();
      progress.idle();
      await running;
      onIdle.resolve();
    },
  };
}

function* partsOf({
  associations,
  journeys,
}: Everything): Iterable<readonly [partId: string, subject: Subject]> {
  for (const { id, guidelineId } of associations) yield [id, { kind: 'guideline', id: guidelineId }];
  for (const { journey, nodes, edges } of journeys) {
    for (const { id } of [...nodes, ...edges]) yield [id, { kind: 'journey', id: journey.id }];
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
