/**
 * Finds out what is not known yet about a text, and keeps it. Whoever needs to know (what was written, an evaluation) asks here: the same
 * text is asked about once, also by two at the same time, and the whole asks so many questions at a time.
 */
import type { JsonObject } from '../../event-log/event.ts';
import type { NlpService } from '../../nlp/nlp.ts';
import type { QuestionName } from '../../nlp/questions/questions.ts';
import type { ToolDirectory } from '../../tools/tool-service.ts';
import { askForUsable } from '../asking/usable-answer.ts';
import { orAborted } from '../composing/heed-signal.ts';
import { askJourney } from './ask-journey.ts';
import { askProperties, type AskUsable } from './ask-property.ts';
import { readTools } from './asked-tools.ts';
import { type Finding, type Wording, wordingId } from './finding.ts';
import type { Findings } from './findings.ts';
import type { WholeJourney } from './found-out.ts';
import { fromFoundJson, nothingFound, toFoundJson } from './found-journey.ts';
import { createLimit } from './limit.ts';
import { madeOfTools } from './properties.ts';
import type { WordingTask } from './subjects.ts';

export interface Inquiry {
  /**
   * Resolves with all these properties. Rejects with the first failure (`NlpError`, `ToolNotFoundError`, `ServiceUnavailableError` …) when
   * everything was tried; what was found is kept.
   */
  wording(task: WordingTask, signal: AbortSignal): Promise<JsonObject>;
  /** About the journey as a whole, when its steps are known. Rejects as above. */
  journey(journey: WholeJourney, signal: AbortSignal): Promise<void>;
}

export type InquiryOptions = {
  readonly nlp: Pick<NlpService, 'ask'>;
  readonly tools: Pick<ToolDirectory, 'service'>;
  readonly findings: Findings;
  /** Questions at a time; default 4. */
  readonly parallel?: number;
};

const temperatures = [0, 0.15, 0.1];
const temperaturesOf: Partial<Record<QuestionName, readonly number[]>> = {
  reachable_steps: [0.15, 0.3, 0.1],
};

export function createInquiry({ nlp, tools, findings, parallel = 4 }: InquiryOptions): Inquiry {
  const limit = createLimit(parallel);
  const underWay = new Map<string, Promise<void>>();

  const toAsk =
    (signal: AbortSignal): AskUsable =>
    (asking) =>
      limit(() => {
        const chosen = temperaturesOf[asking.question] ?? temperatures;
        // Also a provider that does not listen holds nothing up.
        return orAborted(askForUsable(nlp, { ...asking, temperatures: chosen, signal }), signal);
      });

  /** One after the other: the second finds what the first has found. */
  async function alone(id: string, work: () => Promise<void>): Promise<void> {
    const before = underWay.get(id);
    const mine = (before ? before.catch(() => {}) : Promise.resolve()).then(work);
    underWay.set(id, mine);
    try {
      await mine;
    } finally {
      if (underWay.get(id) === mine) underWay.delete(id);
    }
  }

  return {
    async wording({ subject, wording, properties }, signal) {
      const id = wordingId(subject, findings.by, wording);
      await alone(id, async () => {
        const { tools: shown, digest } = await readTools(tools, wording, properties);
        const known = stillTrue(findings.get(id), digest, wording);
        const missing = properties.filter((property) => !Object.hasOwn(known, property));
        if (missing.length === 0) return;
        const text = { condition: wording.condition, action: wording.action || null, tools: shown };
        const { answers, failures } = await askProperties(missing, { text, known, ask: toAsk(signal) });
        if (Object.keys(answers).length > 0) {
          await findings.add(id, { subject, tools: digest, found: answers });
        }
        throwFirst(failures);
      });
      const found = findings.get(id)?.found ?? {};
      return Object.fromEntries(properties.map((property) => [property, found[property] ?? null]));
    },

    async journey(journey, signal) {
      const { id, graph } = findings.graphOf(journey);
      const { title, description } = journey.journey;
      await alone(id, async () => {
        const finding = findings.get(id);
        const known = finding ? fromFoundJson(finding.found) : nothingFound;
        const asked = await askJourney({ title, description, graph }, { known, ask: toAsk(signal) });
        if (asked.found !== known) {
          await findings.add(id, { subject: 'journey', tools: null, found: toFoundJson(asked.found) });
        }
        throwFirst(asked.failures);
      });
    },
  };
}

function throwFirst(failures: readonly unknown[]): void {
  if (failures.length > 0) throw failures[0];
}

/** What was made of other descriptions of the tools is forgotten, and what was said of an action that came of them. */
function stillTrue(known: Finding | undefined, digest: string | null, { action }: Wording): JsonObject {
  if (!known) return {};
  if (digest === null || known.tools === digest) return known.found;
  const old: readonly string[] = madeOfTools;
  return action
    ? Object.fromEntries(Object.entries(known.found).filter(([name]) => !old.includes(name)))
    : {};
}
