import { QueryClient } from '@tanstack/react-query';
import { ApiError } from './api-error.js';

/** Answers age at once: what is shown is always asked again when it is looked at again. Refusals are not repeated. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 2_000,
        retry: (failures, error) => failures < 1 && error instanceof ApiError && error.retryable && error.status !== 0,
        retryDelay: 800,
        refetchOnWindowFocus: true,
      },
    },
  });
}
