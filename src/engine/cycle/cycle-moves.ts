/**
 * How the statechart of a turn moves, for those who watch it. XState tells which transitions it takes to inspectors only, so this is one. The
 * names are those of the picture (`src/charts`).
 */
import type { Actor, AnyTransitionDefinition, InspectedMicrostepEvent, StateValue } from 'xstate';
import type { engineCycleMachine } from '../../../machines/engine-cycle.machine.ts';
import type { TurnMove } from '../../agents/agent-runner.ts';

/** As `GET /api/machines` has it. */
const machine = 'engine-cycle';

/** From where it stands now until it ends. */
export function tellMoves(cycle: Actor<typeof engineCycleMachine>, moved: (move: TurnMove) => void): void {
  let value: StateValue = cycle.getSnapshot().value;
  moved({ machine, value, transition: null });
  const watching = cycle.system.inspect((event) => {
    if (event.type !== '@xstate.microstep' || event.actorRef !== cycle) return;
    const from = value;
    value = valueOf(event);
    const {
      _transitions: [taken],
    } = event;
    // What leads nowhere is no move.
    if (!taken?.target) return;
    const transition = { id: edgeOf(taken), from, to: value, event: taken.eventType };
    moved({ machine, value, transition });
  });
  const leave = (): void => watching.unsubscribe();
  cycle.subscribe({ complete: leave, error: leave });
}

function valueOf({ snapshot }: InspectedMicrostepEvent): StateValue {
  return (snapshot as unknown as { readonly value: StateValue }).value; // of a machine
}

const edges = new WeakMap<AnyTransitionDefinition, string>();

function edgeOf(transition: AnyTransitionDefinition): string {
  let edge = edges.get(transition);
  if (edge === undefined) {
    const { source } = transition;
    const always = (source.always ?? []).indexOf(transition);
    edge =
      always >= 0
        ? `${source.id}:always:${always}`
        : `${source.id}:${[...source.transitions.values()].flat().indexOf(transition)}:0`;
    edges.set(transition, edge);
  }
  return edge;
}
