/** What goes on inside the session: its statechart, and its log. */
import { useState } from 'react';
import { RawEvents } from './raw-events.tsx';
import { Statechart } from './statechart.tsx';
import { Tabs } from './tabs.tsx';

const tabs = { statechart: 'Statechart', events: 'Events' };

export function Inspector() {
  const [tab, setTab] = useState<keyof typeof tabs>('statechart');
  return (
    <section className="inspector" aria-label="Inside the session">
      <Tabs label="Inside the session" tabs={tabs} selected={tab} onSelect={setTab}>
        {tab === 'statechart' ? <Statechart /> : <RawEvents />}
      </Tabs>
    </section>
  );
}
