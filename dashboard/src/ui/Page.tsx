import type { ReactNode } from 'react';
import styles from './Page.module.css';

/** A page begins with its answer: a title or sentence, and what one can do about it on the right. */
export function Page({
  title,
  lead,
  actions,
  children,
  fill,
}: {
  title: ReactNode;
  lead?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  /** The page is exactly as high as the window, and its list scrolls. */
  fill?: boolean;
}) {
  return (
    <div className={styles.page} data-fill={fill || undefined}>
      <header className={styles.head}>
        <div className={styles.words}>
          <h1>{title}</h1>
          {lead && <div className={styles.lead}>{lead}</div>}
        </div>
        {actions && <div className={styles.actions}>{actions}</div>}
      </header>
      {children}
    </div>
  );
}

/** A titled part of a page. */
export function Panel({
  title,
  note,
  actions,
  children,
  flush,
}: {
  title?: ReactNode;
  note?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  /** Content reaches the border: tables. */
  flush?: boolean;
}) {
  return (
    <section className={styles.panel} data-flush={flush || undefined}>
      {(title || actions) && (
        <header className={styles.panelHead}>
          {title && <h2>{title}</h2>}
          {note && <span className={styles.note}>{note}</span>}
          {actions && <div className={styles.panelActions}>{actions}</div>}
        </header>
      )}
      <div className={styles.panelBody}>{children}</div>
    </section>
  );
}
