/**
 * Who may do what: the one table. A route names its operation and is refused here before its body is read; what depends on the
 * body asks `demand` again. That a session belongs to its customer is decided where a path is resolved (`router.ts`).
 */
import { OperatorOnlyError, UnauthenticatedError } from './errors.ts';

/** What else is known of a caller. */
type More = {
  /** ms since 1970: when the caller's token ends and with it what it opened. */
  readonly expiresAt?: number;
  /** The organisation, where one is named. */
  readonly org?: string;
  /** As the token lists them. */
  readonly roles?: readonly string[];
};

/** Who is asking. */
export type Caller =
  | { readonly role: 'anybody' }
  | ({ readonly role: 'customer'; readonly customerId: string } & More)
  | ({ readonly role: 'operator'; readonly name: string } & More);

/** The least role that may. An operator may everything. */
const table = {
  'read health': 'anybody',
  'read the documentation': 'anybody',
  'read the page': 'anybody',
  'read the statecharts': 'anybody',
  'talk to an agent': 'customer',
  'read agents': 'customer',
  'read descriptions of agents': 'operator',
  'change agents': 'operator',
  'read customers': 'operator',
  'change customers': 'operator',
  'read tags': 'operator',
  'change tags': 'operator',
  'read what agents know': 'operator',
  'change what agents know': 'operator',
  'call tools': 'operator',
  'create a session': 'customer',
  'create a session for another customer': 'operator',
  'list sessions': 'customer',
  'read a session': 'customer',
  'rename a session': 'customer',
  'change more of a session than its title': 'operator',
  'delete a session': 'customer',
  'start, stop or cancel': 'customer',
  'read flows': 'customer',
  'call a flow by voice': 'customer',
  'read a voice session': 'customer',
  'stop a voice session': 'customer',
  'join a voice session': 'customer',
  'report as a voice worker': 'anybody',
  'report as the voice server': 'anybody',
  'read events': 'customer',
  'delete events': 'customer',
  'change events': 'operator',
  'post a message as customer or a custom event as customer_ui': 'customer',
  'post other events': 'operator',
  'say who a customer is': 'operator',
  'read metrics': 'operator',
  'inspect live sessions': 'operator',
  'watch live sessions': 'operator',
  'read logs': 'operator',
} as const satisfies Record<string, Caller['role']>;

export type Operation = keyof typeof table;

/** Every operation. */
export const operations = Object.keys(table) as readonly Operation[]; // the keys of a literal

const rank = { anybody: 0, customer: 1, operator: 2 } as const;

export function may(caller: Caller, operation: Operation): boolean {
  return rank[caller.role] >= rank[table[operation]];
}

/** Throws `UnauthenticatedError` for somebody unknown, `OperatorOnlyError` for a customer. */
export function demand(caller: Caller, operation: Operation): void {
  if (may(caller, operation)) return;
  if (caller.role === 'anybody') throw new UnauthenticatedError();
  throw new OperatorOnlyError(operation);
}

/** Whether a session of that customer exists for this caller. */
export function mayReach(caller: Caller, customerId: string): boolean {
  return caller.role === 'operator' || (caller.role === 'customer' && caller.customerId === customerId);
}
