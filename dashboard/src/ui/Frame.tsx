import { useIsFetching } from '@tanstack/react-query';
import { Outlet, useRouterState } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { EscapeProvider } from './escape.js';
import styles from './Frame.module.css';
import { Help } from './Help.js';
import { Rail } from './Rail.js';
import { TopBar } from './TopBar.js';
import { useGlobalKeys } from './use-global-keys.js';

/** What stands around every page: the bar on top, the rail on the left, and nothing else. */
export function Frame() {
  return (
    <EscapeProvider>
      <FrameContent />
    </EscapeProvider>
  );
}

function FrameContent() {
  const searchBox = useRef<HTMLInputElement>(null);
  const [help, setHelp] = useState(false);
  const awaitingPlace = useGlobalKeys({ focusSearch: () => searchBox.current?.focus(), showHelp: () => setHelp(true) });
  const pathname = useRouterState({ select: (state) => state.location.pathname });
  return (
    <div className={styles.frame}>
      <a className={styles.skip} href="#content">
        Skip to content
      </a>
      <TopBar searchBox={searchBox} onHelp={() => setHelp(true)} />
      <Rail awaiting={awaitingPlace} />
      <ProgressLine />
      <main id="content" className={styles.content} tabIndex={-1} data-page={pathname}>
        <Outlet />
      </main>
      <Help opened={help} onClose={() => setHelp(false)} />
    </div>
  );
}

/** Shown only once something takes longer than a glance. */
function ProgressLine() {
  const asking = useIsFetching();
  return <div className={styles.progress} data-asking={asking > 0 || undefined} aria-hidden="true" />;
}
