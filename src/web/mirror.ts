/** What of the page's state is seen outside its views: the address, the theme, and what is remembered. */
import { rememberForAll, rememberForTab } from './remember.ts';
import type { PageState, PageStore } from './state/page-store.ts';

export function mirror(store: PageStore): void {
  let last: PageState | undefined;
  const show = (state: PageState): void => {
    if (state.theme !== last?.theme) showTheme(state);
    if (state.openId !== last?.openId) showAddress(state);
    if (state.identity !== last?.identity) keepIdentity(state);
    if (state.choice !== last?.choice) rememberForAll.write('choice', state.choice);
    if (state.outbox !== last?.outbox) rememberForTab.write('outbox', state.outbox);
    last = state;
  };
  show(store.getSnapshot().context);
  store.subscribe(({ context }) => show(context));
}

/** The session that the address names; null: none. */
export function idInAddress(): string | null {
  const id = location.hash.slice(1);
  return /^[\w-]+$/.test(id) ? id : null;
}

function showTheme({ theme }: PageState): void {
  document.documentElement.dataset['theme'] = theme;
  rememberForAll.write('theme', theme);
}

function showAddress({ openId }: PageState): void {
  if (openId === idInAddress()) return;
  history.pushState(null, '', openId === null ? location.pathname : `#${openId}`);
}

/** A name may be known to every tab; a token is this one's alone. */
function keepIdentity({ identity }: PageState): void {
  rememberForTab.write('identity', identity);
  if (identity.as === 'user') rememberForAll.write('user', identity.name);
}
