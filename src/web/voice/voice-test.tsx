/** "Test by voice": a call of one of the server's flows. Not there where the server has none, or no LiveKit. */
import { useEffect, useRef, useState } from 'react';
import { createApi } from '../api.ts';
import { keyOf, type Identity } from '../identity.ts';
import { Icon } from '../views/icon.tsx';
import { Select } from '../views/sidebar/select.tsx';
import { usePage, usePageState } from '../views/use-page.ts';
import { type Call, type CallState, startCall } from './voice-call.ts';
import type { Flow } from './voice-wire.ts';
import './voice.css';

export type VoiceTestProps = { readonly onOpen: () => void };

export function VoiceTest({ onOpen }: VoiceTestProps) {
  const identity = usePageState((state) => state.identity);
  const isConnected = usePageState(({ listConnection }) => listConnection.status === 'open');
  const flows = useFlows(identity, isConnected);
  const [first] = flows;
  if (!first) return null;
  return <Caller key={keyOf(identity)} identity={identity} flows={flows} first={first} onOpen={onOpen} />;
}

type CallerProps = VoiceTestProps & {
  readonly identity: Identity;
  readonly flows: readonly Flow[];
  readonly first: Flow;
};

function Caller({ identity, flows, first, onOpen }: CallerProps) {
  const [flowId, setFlowId] = useState(first.id);
  const [state, setState] = useState<CallState | null>(null);
  const call = useRef<Call | null>(null);
  useEffect(() => () => call.current?.hangUp(), []);
  const isOn = state !== null && state.at !== 'over';
  const begin = (): void => {
    call.current?.hangUp();
    call.current = startCall({ identity, flowId, onChange: setState });
  };
  return (
    <section className="voice" aria-label="Test by voice">
      {flows.length > 1 && !isOn && (
        <Select label="Flow" value={flowId} options={optionsOf(flows)} onChange={setFlowId} />
      )}
      {isOn ? (
        <button type="button" className="button stop wide" onClick={() => call.current?.hangUp()}>
          <Icon name="stop" /> Hang up
        </button>
      ) : (
        <button type="button" className="button wide" onClick={begin}>
          <Icon name="microphone" /> Test by voice
        </button>
      )}
      <p className="voice-state" role="status" data-at={state?.at}>
        {state?.words}
      </p>
      {state !== null && <Beside state={state} onOpen={onOpen} />}
    </section>
  );
}

/** What there is to know beside where the call stands. */
function Beside({ state, onOpen }: VoiceTestProps & { readonly state: CallState }) {
  const page = usePage();
  const { muteWords, talkSessionId } = state;
  const show = (): void => {
    page.open(talkSessionId);
    onOpen();
  };
  return (
    <>
      {muteWords !== null && <p className="hint">{muteWords}</p>}
      {talkSessionId !== null && (
        <button type="button" className="button" onClick={show}>
          <Icon name="chat" /> Show the conversation
        </button>
      )}
    </>
  );
}

/** Asked for when the server is there, and again when it is there again: it may have others by then. */
function useFlows(identity: Identity, isConnected: boolean): readonly Flow[] {
  const [known, setKnown] = useState<{ readonly key: string; readonly flows: readonly Flow[] }>();
  const key = keyOf(identity);
  useEffect(() => {
    if (!isConnected) return;
    createApi(identity)
      .flows()
      .then(({ voiceConfigured, flows }) => setKnown({ key, flows: voiceConfigured ? flows : [] }))
      .catch(() => {});
  }, [identity, key, isConnected]);
  return known?.key === key ? known.flows : [];
}

function optionsOf(flows: readonly Flow[]): Readonly<Record<string, string>> {
  return Object.fromEntries(flows.map(({ id }) => [id, id]));
}
