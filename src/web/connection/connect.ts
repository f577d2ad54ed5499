/** This tab and the hub: the one that all tabs share, or, where there are no SharedWorkers, one of its own. */
import { createHub } from './hub.ts';
import { createHubClient, type HubClient } from './hub-client.ts';
import type { ToHub } from './protocol.ts';

export function connect(): HubClient {
  const isShared = typeof SharedWorker !== 'undefined';
  const port = isShared ? portOfWorker() : portOfOwnHub();
  const say = (message: ToHub): void => port.postMessage(message);
  sayWhileAlive(say);
  addEventListener('online', () => say({ type: 'wake' }));
  addEventListener('pagehide', () => say({ type: 'bye' }));
  // What it followed is given up by now.
  addEventListener('pageshow', ({ persisted }) => persisted && location.reload());
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') say({ type: 'wake' });
    // Eight tabs that read for themselves would have all the connections of the browser.
    else if (!isShared) say({ type: 'sleep' });
  });
  return createHubClient(port);
}

function portOfWorker(): MessagePort {
  // Written in one piece: so Vite knows it for a worker.
  return new SharedWorker(new URL('./shared-worker.ts', import.meta.url), {
    type: 'module',
    name: 'colloquy',
  }).port;
}

function portOfOwnHub(): MessagePort {
  const { port1, port2 } = new MessageChannel();
  createHub().attach(port1);
  return port2;
}

/** A worker is not told when a tab crashes: then the lock that the tab holds is free. Only secure contexts have locks. */
function sayWhileAlive(say: (message: ToHub) => void): void {
  if (!('locks' in navigator)) return;
  const lock = `colloquy-tab-${crypto.randomUUID()}`;
  void navigator.locks.request(lock, () => {
    say({ type: 'alive', lock });
    return new Promise<never>(() => {});
  });
}
