import { useRouterState } from '@tanstack/react-router';
import { CircleHelp } from 'lucide-react';
import type { RefObject } from 'react';
import { TimePicker } from '../time/TimePicker.js';
import { Bell } from './Bell.js';
import { ColorSchemeSwitch } from './ColorSchemeSwitch.js';
import { Door } from './Door.js';
import { EnvironmentPicker } from './EnvironmentPicker.js';
import { IconButton } from './IconButton.js';
import { Mark } from './Mark.js';
import { placeOf } from './places.js';
import { SearchBox } from './SearchBox.js';
import styles from './TopBar.module.css';

export function TopBar({ searchBox, onHelp }: { searchBox: RefObject<HTMLInputElement | null>; onHelp: () => void }) {
  return (
    <header className={styles.bar}>
      <Door to="/" className={styles.brand} aria-label="Orrery, overview">
        <Mark />
      </Door>
      <WhereAmI />
      <SearchBox input={searchBox} />
      <div className={styles.right}>
        <EnvironmentPicker />
        <TimePicker />
        <span className={styles.divider} />
        <Bell />
        <ColorSchemeSwitch />
        <IconButton label="Keyboard and help (?)" onClick={onHelp}>
          <CircleHelp size={16} strokeWidth={1.7} />
        </IconButton>
      </div>
    </header>
  );
}

function WhereAmI() {
  const pathname = useRouterState({ select: (state) => state.location.pathname });
  const place = placeOf(pathname);
  const below = place && place.path !== '/' ? decode(pathname.slice(place.path.length + 1)) : '';
  // Elsewhere it is a name or an id, and means what it says; pages of the system have names of ours.
  const rest = place?.path === '/settings' ? below.replaceAll('-', ' ') : below;
  return (
    <div className={styles.where} role="navigation" aria-label="Where am I">
      {rest ? (
        <>
          <Door to={place?.path ?? '/'}>{place?.name}</Door>
          <span aria-hidden="true">/</span>
          <span className={styles.leaf} title={rest}>
            {rest.length > 28 ? `${rest.slice(0, 12)}…${rest.slice(-6)}` : rest}
          </span>
        </>
      ) : (
        <span className={styles.leaf}>{place?.name ?? ''}</span>
      )}
    </div>
  );
}

/** A hand-typed address may not be well-formed percent-encoding. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
