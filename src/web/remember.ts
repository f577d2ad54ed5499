/** What outlives a reload: choices for every tab of this browser, what is being written for this tab alone. */
import type { Identity } from './identity.ts';
import type { Outgoing } from './state/outbox.ts';
import type { Choice, Theme } from './state/page-store.ts';

type ForAll = {
  readonly theme: Theme;
  readonly choice: Choice;
  readonly user: string;
  /** The name an operator answers by. */
  readonly operator: string;
};
type ForTab = {
  readonly identity: Identity;
  readonly outbox: readonly Outgoing[];
  /** By session. */
  readonly drafts: Readonly<Record<string, string>>;
};

/** For every tab of this browser, now and later. */
export const rememberForAll = createMemory<ForAll>('localStorage');
/** Until the tab is closed. */
export const rememberForTab = createMemory<ForTab>('sessionStorage');

/** A browser may refuse to keep anything: then nothing is remembered. */
function createMemory<Known>(place: 'localStorage' | 'sessionStorage') {
  return {
    read<Name extends keyof Known & string>(name: Name): Known[Name] | undefined {
      try {
        const text = window[place].getItem(keyOf(name));
        return text === null ? undefined : (JSON.parse(text) as Known[Name]); // written below
      } catch {
        return undefined;
      }
    },
    write<Name extends keyof Known & string>(name: Name, value: Known[Name]): void {
      try {
        window[place].setItem(keyOf(name), JSON.stringify(value));
      } catch {
        // Full, or forbidden.
      }
    },
  };
}

function keyOf(name: string): string {
  return `colloquy.${name}`;
}
