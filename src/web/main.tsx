/** The page begins: what was remembered, the connections, and the views. */
import { lazy, type ReactNode, StrictMode, Suspense } from 'react';
import { createRoot } from 'react-dom/client';
import { connect } from './connection/connect.ts';
import type { Identity } from './identity.ts';
import { idInAddress, mirror } from './mirror.ts';
import { createPage } from './page.ts';
import { rememberForAll, rememberForTab } from './remember.ts';
import { createPageStore } from './state/page-store.ts';
import { App } from './views/app.tsx';
import { Mishap } from './views/mishap.tsx';
import { PageContext } from './views/use-page.ts';

/** A chunk of its own: few are operators. */
const Operations = lazy(() => import('./ops/operations.tsx'));

const identity: Identity = rememberForTab.read('identity') ?? {
  as: 'user',
  name: rememberForAll.read('user') ?? 'guest',
};
const theme = rememberForAll.read('theme') ?? 'system';
const hub = connect();

if (location.pathname === '/ops') {
  document.documentElement.dataset['theme'] = theme;
  show(
    <Suspense>
      <Operations hub={hub} identity={identity} />
    </Suspense>,
  );
} else {
  const store = createPageStore({
    identity,
    theme,
    choice: rememberForAll.read('choice') ?? { agentId: null, interruption: null },
    openId: idInAddress(),
    outbox: rememberForTab.read('outbox') ?? [],
  });
  mirror(store);
  const page = createPage({ store, hub });
  addEventListener('popstate', () => page.open(idInAddress()));
  show(
    <PageContext value={page}>
      <App />
    </PageContext>,
  );
}

function show(view: ReactNode): void {
  createRoot(document.querySelector('#root') ?? document.body).render(
    <StrictMode>
      <Mishap>{view}</Mishap>
    </StrictMode>,
  );
}
