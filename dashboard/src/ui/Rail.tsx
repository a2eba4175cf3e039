import { useRouterState } from '@tanstack/react-router';
import { Door } from './Door.js';
import { placeOf, places } from './places.js';
import styles from './Rail.module.css';

/** The places. While `g` waits for its letter, the letters show. */
export function Rail({ awaiting }: { awaiting: boolean }) {
  const pathname = useRouterState({ select: (state) => state.location.pathname });
  const here = placeOf(pathname);
  return (
    <nav className={styles.rail} aria-label="Places">
      {places.map((place) => {
        const Icon = place.icon;
        return (
          <Door
            key={place.path}
            to={place.path}
            className={styles.place}
            title={`${place.question}  (g ${place.letter})`}
            aria-current={here === place ? 'page' : undefined}
            data-last={place.path === '/settings' || undefined}
          >
            {awaiting ? (
              <kbd className={styles.letter}>{place.letter}</kbd>
            ) : (
              <Icon size={18} strokeWidth={1.7} aria-hidden="true" />
            )}
            <span>{place.name}</span>
          </Door>
        );
      })}
    </nav>
  );
}
