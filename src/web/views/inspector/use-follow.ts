/** Keeps the innermost active state in the middle of the picture's pane. */
import { type RefObject, useEffect } from 'react';
import type { Chart } from '../../wire.ts';

export type FollowOptions = {
  readonly chart: Chart;
  /** Ids. */
  readonly active: ReadonlySet<string>;
  readonly scale: number;
  readonly isFollowing: boolean;
};

export function useFollow(pane: RefObject<HTMLDivElement | null>, options: FollowOptions): void {
  const { chart, active, scale, isFollowing } = options;
  useEffect(() => {
    const element = pane.current;
    const state = chart.nodes.findLast(
      ({ id, type }) => (type === 'atomic' || type === 'final') && active.has(id),
    );
    if (!element || !state || !isFollowing) return undefined;
    const show = (behavior: ScrollBehavior): void =>
      element.scrollTo({
        left: (state.x + state.width / 2) * scale - element.clientWidth / 2,
        top: (state.y + state.height / 2) * scale - element.clientHeight / 2,
        behavior,
      });
    show(matchMedia('(prefers-reduced-motion: reduce)').matches ? 'instant' : 'smooth');
    // A pane that is not shown has no size: it gets one when the user comes back to it.
    let isFirst = true;
    const observer = new ResizeObserver(() => {
      if (!isFirst) show('instant');
      isFirst = false;
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [pane, chart, active, scale, isFollowing]);
}
