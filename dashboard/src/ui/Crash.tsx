import type { ErrorComponentProps } from '@tanstack/react-router';
import { ErrorView } from './ErrorView.js';

/** A page that broke: says so, and offers to try again. */
export function Crash({ error, reset }: ErrorComponentProps) {
  return (
    <ErrorView what="This page" error={error instanceof Error ? error : new Error(String(error))} onRetry={reset} />
  );
}
