import { useEffect, useRef, useState } from 'react';
import { isTyping } from '../ui/is-typing.js';

/** `j`/`k` move a cursor through a list, `Enter` opens what it stands on. -1 while it was not used. */
export function useListKeys(
  count: number,
  actions: { onOpen: (index: number) => void; onMove?: (index: number) => void },
): {
  cursor: number;
  setCursor: (index: number) => void;
} {
  const [cursor, setCursor] = useState(-1);
  const latest = useRef({ ...actions, count, cursor });
  latest.current = { ...actions, count, cursor };
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const { count: size, cursor: at, onOpen, onMove } = latest.current;
      if (event.defaultPrevented || isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === 'j' || event.key === 'k') {
        const next = Math.max(0, Math.min(size - 1, at + (event.key === 'j' ? 1 : -1)));
        if (size === 0) return;
        setCursor(next);
        onMove?.(next);
      } else if (event.key === 'Enter' && at >= 0 && at < size) {
        const target = event.target;
        if (target instanceof HTMLElement && target.closest('a, button, [role="option"]')) return;
        event.preventDefault();
        onOpen(at);
      }
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
  return { cursor, setCursor };
}
