import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { clockText } from '../time/instant-text.js';
import { ErrorView } from './ErrorView.js';
import styles from './StateViews.module.css';

export interface AnsweredProps<T> {
  answer: UseQueryResult<T, Error>;
  /** Names the thing in an error: "The traces". */
  what: string;
  /** Rows of the skeleton, shown only the first time. */
  skeleton?: number;
  children: (data: T) => ReactNode;
}

/**
 * Loading, error and stale in one place: a skeleton the first time, old data dimmed while another question is being
 * answered, and old data with a word about its age when the answer fails.
 */
export function Answered<T>({ answer, what, skeleton = 6, children }: AnsweredProps<T>) {
  if (answer.data === undefined) {
    if (answer.isError) return <ErrorView what={what} error={answer.error} onRetry={() => void answer.refetch()} />;
    return <Skeleton rows={skeleton} what={what} />;
  }
  return (
    <>
      {answer.isError && (
        <div className={styles.stale} role="alert">
          <span>
            As of {clockText(answer.dataUpdatedAt)}. {answer.error.message}
          </span>
          <button type="button" onClick={() => void answer.refetch()}>
            Try again
          </button>
        </div>
      )}
      <div
        className={styles.answered}
        data-dim={answer.isPlaceholderData || undefined}
        aria-busy={answer.isPlaceholderData}
      >
        {children(answer.data)}
      </div>
    </>
  );
}

export function Skeleton({ rows, what }: { rows: number; what: string }) {
  return (
    <div className={styles.skeleton} role="status" aria-label={`${what} are being loaded`}>
      {Array.from({ length: rows }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows without content
        <span key={index} style={{ width: `${92 - ((index * 17) % 40)}%` }} />
      ))}
    </div>
  );
}
