import { useRouter } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useDoor } from '../time/use-address.js';
import { useEscapeStack } from './escape.js';
import { isTyping } from './is-typing.js';
import { placeOf, places } from './places.js';

/**
 * `/` search, `?` help, `g` then a letter for a place, `Esc` closes what is open, else goes up from a single thing.
 * Returns whether `g` waits for its letter.
 */
export function useGlobalKeys(actions: { focusSearch: () => void; showHelp: () => void }): boolean {
  const router = useRouter();
  const door = useDoor();
  const escapes = useEscapeStack();
  const [awaiting, setAwaiting] = useState(false);
  const latest = useRef({ ...actions, door, awaiting });
  latest.current = { ...actions, door, awaiting };
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === 'Escape') {
        if (document.querySelector('[role="dialog"], [role="menu"]') || isTyping(event.target)) return;
        const { pathname } = router.latestLocation;
        const place = placeOf(pathname);
        if (!escapes.closeLast() && place && place.path !== pathname) router.history.back();
        return;
      }
      if (isTyping(event.target)) return;
      if (latest.current.awaiting) {
        setAwaiting(false);
        clearTimeout(timer);
        const place = places.find((candidate) => candidate.letter === event.key);
        if (place) {
          event.preventDefault();
          router.history.push(latest.current.door(place.path));
        }
        return;
      }
      if (event.key === 'g') {
        setAwaiting(true);
        timer = setTimeout(() => setAwaiting(false), 2_000);
      } else if (event.key === '/') {
        event.preventDefault();
        latest.current.focusSearch();
      } else if (event.key === '?') latest.current.showHelp();
    };
    window.addEventListener('keydown', onKey);
    return () => {
      window.removeEventListener('keydown', onKey);
      clearTimeout(timer);
    };
  }, [router, escapes]);
  return awaiting;
}
