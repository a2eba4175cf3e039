import { type PointerEvent, useState } from 'react';

export interface Brush {
  /** Pixels, while dragging. */
  from: number;
  to: number;
}

/** Dragging over a chart. `onBrush` gets pixels from left; a mere click is no brush. */
export function useBrush(onBrush: (fromPx: number, toPx: number) => void) {
  const [brush, setBrush] = useState<Brush | null>(null);
  const at = (event: PointerEvent<Element>) => event.clientX - event.currentTarget.getBoundingClientRect().left;
  return {
    brush,
    handlers: {
      onPointerDown: (event: PointerEvent<Element>) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        setBrush({ from: at(event), to: at(event) });
      },
      onPointerMove: (event: PointerEvent<Element>) => {
        if (brush) setBrush({ from: brush.from, to: at(event) });
      },
      onPointerUp: (event: PointerEvent<Element>) => {
        if (!brush) return;
        const end = at(event);
        setBrush(null);
        if (Math.abs(end - brush.from) > 4) onBrush(Math.min(brush.from, end), Math.max(brush.from, end));
      },
      onPointerCancel: () => setBrush(null),
    },
  };
}
