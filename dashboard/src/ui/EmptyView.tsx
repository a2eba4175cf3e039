import type { ReactNode } from 'react';
import styles from './StateViews.module.css';

/** Nothing to show: why, and what to do next. */
export function EmptyView({ title, why, children }: { title: string; why: string; children?: ReactNode }) {
  return (
    <div className={styles.empty} role="status">
      <p className={styles.title}>{title}</p>
      <p className={styles.why}>{why}</p>
      {children && <div className={styles.next}>{children}</div>}
    </div>
  );
}
