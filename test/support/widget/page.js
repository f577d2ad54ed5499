/**
 * A page with Parlant's chat widget, as its README shows it: `?server=…&agent=…`. The widget does not remember its session, so the
 * page does, in its address. JavaScript, because neither React nor the widget is known to the project's types.
 */
import ParlantChatbox from 'parlant-chat-react';
import 'parlant-chat-react/style.css';
import { createElement } from 'react';
import { createRoot } from 'react-dom/client';

const address = new URL(globalThis.location.href);
const asked = (/** @type {string} */ name) => address.searchParams.get(name) ?? undefined;

createRoot(globalThis.document.querySelector('#root')).render(
  createElement(ParlantChatbox, {
    float: true,
    server: asked('server'),
    agentId: asked('agent'),
    customerId: asked('customer'),
    sessionId: asked('session'),
    onSessionCreated(/** @type {string} */ sessionId) {
      address.searchParams.set('session', sessionId);
      globalThis.history.replaceState(undefined, '', address);
    },
  }),
);
