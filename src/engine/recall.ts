/**
 * What of an agent's knowledge bears on a conversation: values of variables for its customer, terms that come up, and what the agent can
 * do of what is asked for. Few are all shown; of many those that are nearest to what is being talked about.
 */
import type { Capability } from '../entities/collections/capability.ts';
import type { Term } from '../entities/collections/term.ts';
import type { NlpService } from '../nlp/nlp.ts';
import { allOrNone } from './asking/all-or-none.ts';
import type { Recall } from './cycle/engine-deps.ts';
import { createFinder } from './recall/nearest.ts';
import { toEventQuery, toTermQuery } from './recall/query.ts';
import { recallVariable, type VariableSources } from './recall/variable-value.ts';

export type RecallOptions = VariableSources & { readonly nlp: Pick<NlpService, 'rank'> };

/** So many are shown without looking for them, and of more so many are looked for. */
const mostTerms = 20;
const mostCapabilities = 3;

export function createRecall({ nlp, ...sources }: RecallOptions): Recall {
  const findNearest = createFinder(nlp);
  return {
    async variables(turn) {
      const values = await allOrNone(turn.knowledge.variables, {
        signal: turn.signal,
        work: (variable, signal) => recallVariable(variable, sources, { turn, signal }),
      });
      return values.flatMap((value) => value ?? []);
    },

    async terms({ knowledge: { terms }, situation, signal }, guidelines) {
      if (terms.length <= mostTerms) return terms.map(showTerm);
      const query = toTermQuery(situation, guidelines);
      const nearest = await findNearest(terms, { query, atMost: mostTerms, textsOf: textsOfTerm, signal });
      return nearest.map(showTerm);
    },

    async capabilities({ knowledge: { capabilities }, situation, signal }) {
      if (situation.interaction.length === 0) return [];
      if (capabilities.length <= mostCapabilities) return capabilities.map(showCapability);
      const query = toEventQuery(situation);
      const textsOf = textsOfCapability;
      const nearest = await findNearest(capabilities, { query, atMost: mostCapabilities, textsOf, signal });
      return nearest.map(showCapability);
    },
  };
}

function showTerm({ name, description, synonyms }: Term) {
  return { name, description, synonyms };
}

function showCapability({ title, description }: Capability) {
  return { title, description };
}

function textsOfTerm({ name, synonyms, description }: Term): readonly string[] {
  return [`${[name, ...synonyms].join(', ')}: ${description}`];
}

function textsOfCapability({ title, description, signals }: Capability): readonly string[] {
  return [`${title}: ${description}`, ...signals];
}
