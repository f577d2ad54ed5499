/** The hub as a SharedWorker: one for all tabs of this origin. */
import { createHub } from './hub.ts';

const hub = createHub();

addEventListener('connect', (event) => {
  // The types of the page know only a window: in a SharedWorker it is this event, with the tab's end of the connection.
  for (const port of (event as MessageEvent).ports) hub.attach(port);
});
