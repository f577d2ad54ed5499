/** Moves what is larger than its pane with the mouse, as on a map. Fingers and keys do so by themselves. */
import type { PointerEvent, RefObject } from 'react';

export function usePan(pane: RefObject<HTMLDivElement | null>) {
  return {
    onPointerDown({ pointerType, button, pointerId }: PointerEvent): void {
      if (pointerType === 'mouse' && button === 0) pane.current?.setPointerCapture(pointerId);
    },
    onPointerMove({ pointerId, movementX, movementY }: PointerEvent): void {
      if (!pane.current?.hasPointerCapture(pointerId)) return;
      pane.current.scrollBy({ left: -movementX, top: -movementY, behavior: 'instant' });
    },
  };
}
