/** As whom the page speaks to the server: `AUTH=dev` believes a name, `AUTH=jwt` wants a token. */

export type Identity =
  | { readonly as: 'user'; readonly name: string }
  /** With `AUTH=dev`: who names nobody. */
  | { readonly as: 'operator' }
  | { readonly as: 'bearer'; readonly token: string };

/** A name may hold any character, a header only some: the server reads UTF-8. */
export function headersOf(identity: Identity): Readonly<Record<string, string>> {
  switch (identity.as) {
    case 'user':
      return { 'x-user-id': toBytes(identity.name) };
    case 'bearer':
      return { authorization: `Bearer ${identity.token}` };
    default:
      return {};
  }
}

/** Identities with the same key see the same. */
export function keyOf(identity: Identity): string {
  return JSON.stringify(identity);
}

function toBytes(text: string): string {
  return Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join('');
}

/** Whether the server lets them do what only operators may; it decides, this is for what the page offers. */
export function mayOperate(identity: Identity): boolean {
  return identity.as !== 'bearer' || rolesIn(identity.token).includes('operator');
}

/** With whose rights the page does what only operators may: `AUTH=dev` gives them to who names nobody. */
export function asOperator(identity: Identity): Identity {
  return identity.as === 'user' ? { as: 'operator' } : identity;
}

function rolesIn(token: string): readonly unknown[] {
  try {
    const [, payload = ''] = token.split('.');
    const json = atob(payload.replaceAll('-', '+').replaceAll('_', '/'));
    const { roles } = JSON.parse(json) as { roles?: unknown }; // read by the server as well, which checks it
    return Array.isArray(roles) ? roles : [roles];
  } catch {
    return [];
  }
}
