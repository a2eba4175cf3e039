import { X } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useEscape } from './escape.js';
import { IconButton } from './IconButton.js';
import styles from './SidePanel.module.css';

/** Opens beside the content, not over it; `Esc` closes it. */
export function SidePanel({
  title,
  subtitle,
  onClose,
  children,
  width = 440,
}: {
  title: ReactNode;
  subtitle?: ReactNode;
  onClose: () => void;
  children: ReactNode;
  width?: number;
}) {
  useEscape(true, onClose);
  const [size, setSize] = useState(width);
  return (
    <aside className={styles.panel} style={{ width: size }} aria-label="Details">
      <div
        className={styles.grip}
        onPointerDown={(event) => {
          const startX = event.clientX;
          const target = event.currentTarget;
          target.setPointerCapture(event.pointerId);
          const move = (moved: PointerEvent) => setSize(Math.max(320, Math.min(900, size + startX - moved.clientX)));
          target.addEventListener('pointermove', move);
          target.addEventListener('pointerup', () => target.removeEventListener('pointermove', move), { once: true });
        }}
      />
      <header className={styles.head}>
        <div>
          <h2>{title}</h2>
          {subtitle && <div className={styles.subtitle}>{subtitle}</div>}
        </div>
        <IconButton label="Close (Esc)" onClick={onClose}>
          <X size={16} />
        </IconButton>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <div className={styles.body} tabIndex={0} role="region" aria-label="Details, scrolls">
        {children}
      </div>
    </aside>
  );
}

export function SideSection({
  title,
  children,
  actions,
}: {
  title: ReactNode;
  children: ReactNode;
  actions?: ReactNode;
}) {
  return (
    <section className={styles.section}>
      <header>
        <h3>{title}</h3>
        {actions}
      </header>
      {children}
    </section>
  );
}
