/** The transitions of a session, latest first. */
import { memo } from 'react';
import { changeInWords, eventInWords } from '../../state/chart-position.ts';
import { type Move, MOVES_KEPT } from '../../state/session-log.ts';
import { TimeOfDay } from '../time.tsx';

export function Moves({ moves }: { readonly moves: readonly Move[] }) {
  return (
    <section className="moves" aria-labelledby="moves-title">
      <h2 id="moves-title">Transitions</h2>
      {moves.length === 0 ? (
        <p className="hint">Those that happen while you watch stand here, at most {MOVES_KEPT}.</p>
      ) : (
        <ol reversed tabIndex={0}>
          {moves.toReversed().map((move) => (
            <MoveRow key={move.n} move={move} />
          ))}
        </ol>
      )}
    </section>
  );
}

const MoveRow = memo(function MoveRow({ move: { at, event, from, to } }: { readonly move: Move }) {
  return (
    <li>
      <TimeOfDay at={at} seconds />
      <span className="move-event">{eventInWords(event)}</span>
      <span className="move-change">{changeInWords(from, to)}</span>
    </li>
  );
});
