import { type UseQueryOptions, type UseQueryResult, useQuery } from '@tanstack/react-query';
import type { Answers, Question } from './answers.js';
import type { ApiError } from './api-error.js';
import { ask, askWithBody, type Parameters } from './client.js';

export interface AskOptions {
  /** Milliseconds between refreshes; false asks once. */
  refresh?: number | false;
  enabled?: boolean;
  /** Show the answer to the previous question, dimmed, until this one is answered. Not where it would be another thing. */
  keep?: boolean;
}

export type Answer<Q extends Question> = UseQueryResult<Answers[Q], ApiError>;

/** Asks by GET and keeps asking while the page is live. */
export function useAnswer<Q extends Question>(route: Q, parameters: Parameters, options: AskOptions = {}): Answer<Q> {
  return useQuery(queryOf<Answers[Q]>([route, parameters], (signal) => ask(route, parameters, signal), options));
}

/** Asks by POST; the body is the question. */
export function useBodyAnswer<Q extends Question>(route: Q, body: unknown, options: AskOptions = {}): Answer<Q> {
  return useQuery(queryOf<Answers[Q]>([route, body], (signal) => askWithBody(route, body, signal), options));
}

function queryOf<T>(key: unknown[], send: (signal: AbortSignal) => Promise<T>, options: AskOptions) {
  const keep = (previous: T | undefined) => previous;
  const query: UseQueryOptions<T, ApiError> = {
    queryKey: key,
    queryFn: ({ signal }) => send(signal),
    refetchInterval: options.refresh ?? false,
    enabled: options.enabled ?? true,
  };
  // An answer is never a function, which is what the option's type guards against.
  if (options.keep !== false) query.placeholderData = keep as NonNullable<typeof query.placeholderData>;
  return query;
}
