/**
 * The flows one may call by voice: which agent answers, and how it greets. They stand in `colloquy.config.ts` (`flows`) or come from
 * the program, and belong to one organisation each.
 */
import { z } from 'zod';
import { FlowNotFoundError, InvalidFlowError } from '../errors.ts';
import { voiceRoles, type WatcherRole } from './voice-roles.ts';

/** The organisation of callers, and flows, that name none. */
export const DEFAULT_ORG = 'default';

/** A flow as one writes it. */
export type FlowConfig = {
  /** 1 to 64 of `A-Z a-z 0-9 _ -`. */
  readonly id: string;
  /** Id of the agent that answers. */
  readonly agent: string;
  /** What is spoken first. */
  readonly greeting: string;
  /** Default `default`. */
  readonly org?: string;
  /** Language of the conversation, e.g. `en`, for the worker. */
  readonly locale?: string;
  /** The lowest role that hears of each type of event, e.g. `{ 'flow.tool.called': 'supervisor' }`; default `monitor`. */
  readonly eventRoles?: Readonly<Record<string, WatcherRole>>;
};

export type Flow = {
  readonly id: string;
  readonly agentId: string;
  readonly greeting: string;
  readonly orgId: string;
  readonly locale: string | null;
  readonly eventRoles: Readonly<Record<string, WatcherRole>>;
};

export interface Flows {
  /** Throws `FlowNotFoundError`, also for another organisation's. */
  get(flowId: string, orgId: string): Flow;
  list(orgId: string): readonly Flow[];
}

const schema = z.strictObject({
  id: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1 to 64 characters of A-Z a-z 0-9 _ -'),
  agent: z.string().min(1),
  greeting: z.string().trim().min(1).max(4_000),
  org: z.string().min(1).max(200).optional(),
  locale: z.string().min(1).max(35).optional(),
  eventRoles: z.record(z.string(), z.enum(voiceRoles).exclude(['user'])).optional(),
});

/** Throws `InvalidFlowError`. */
export function createFlows(given: readonly FlowConfig[] = []): Flows {
  const flows = new Map<string, Flow>();
  for (const each of given) {
    const flow = toFlow(each);
    if (flows.has(flow.id)) throw new InvalidFlowError(flow.id, 'there is another one with its id');
    flows.set(flow.id, flow);
  }
  return {
    get(flowId, orgId) {
      const flow = flows.get(flowId);
      if (flow?.orgId !== orgId) throw new FlowNotFoundError(flowId);
      return flow;
    },
    list: (orgId) => [...flows.values()].filter((flow) => flow.orgId === orgId),
  };
}

/** `given` comes from a file that may be JavaScript. */
function toFlow(given: { readonly id?: unknown } | null): Flow {
  const parsed = schema.safeParse(given);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const place = issue?.path.join('.');
    throw new InvalidFlowError(
      String(given?.id),
      `${place ? `${place}: ` : ''}${issue?.message.replace(/\.$/, '')}`,
    );
  }
  const { id, agent, greeting, org = DEFAULT_ORG, locale = null, eventRoles = {} } = parsed.data;
  return { id, agentId: agent, greeting, orgId: org, locale, eventRoles };
}
