import {
  type InfiniteData,
  keepPreviousData,
  type UseInfiniteQueryResult,
  useInfiniteQuery,
} from '@tanstack/react-query';
import type { Answers } from './answers.js';
import type { ApiError } from './api-error.js';
import { ask, type Parameters } from './client.js';

/** Lists that are longer than one answer. */
export type ListRoute = '/traces' | '/logs' | '/sagas' | '/dead-letters';

export type ListAnswer<Q extends ListRoute> = UseInfiniteQueryResult<InfiniteData<Answers[Q]>, ApiError>;

/** A list that grows while one scrolls. It refreshes by itself only while its first page is all that is loaded. */
export function useList<Q extends ListRoute>(route: Q, parameters: Parameters, refresh: number | false): ListAnswer<Q> {
  return useInfiniteQuery<Answers[Q], ApiError, InfiniteData<Answers[Q]>, unknown[], string | undefined>({
    queryKey: [route, 'list', parameters],
    queryFn: ({ signal, pageParam }) => ask(route, { ...parameters, cursor: pageParam }, signal),
    initialPageParam: undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    refetchInterval: (query) => ((query.state.data?.pages.length ?? 0) <= 1 ? refresh : false),
    placeholderData: keepPreviousData,
    maxPages: 200,
  });
}
