import { RotateCw, TriangleAlert } from 'lucide-react';
import { ApiError } from '../api/api-error.js';
import { Button } from './Button.js';
import styles from './StateViews.module.css';

/** What failed, why, and a way to try again. */
export function ErrorView({ what, error, onRetry }: { what: string; error: Error; onRetry?: () => void }) {
  const faults = error instanceof ApiError ? error.faults : [];
  return (
    <div className={styles.error} role="alert">
      <TriangleAlert size={18} aria-hidden="true" />
      <div>
        <p className={styles.title}>{what} could not be loaded</p>
        <p className={styles.why}>{error.message}</p>
        {faults.map((fault) => (
          <p key={`${fault.path} ${fault.message}`} className={styles.fault}>
            {fault.path ? `${fault.path}: ` : ''}
            {fault.message}
            {fault.position !== undefined ? ` (at character ${fault.position + 1})` : ''}
          </p>
        ))}
        {error instanceof ApiError && <p className={styles.code}>{error.code}</p>}
        {onRetry && (
          <Button onClick={onRetry}>
            <RotateCw size={13} aria-hidden="true" />
            Try again
          </Button>
        )}
      </div>
    </div>
  );
}
