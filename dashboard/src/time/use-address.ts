import { useRouter, useRouterState } from '@tanstack/react-router';
import { useCallback } from 'react';
import { isUrlState } from './url-state.js';

/** Query parameters of the address: all state that can be linked to lives there, as plain text. */
export type Search = Record<string, string>;

/** What the address asks for now. */
export function useSearch(): Search {
  return useRouterState({ select: (state) => state.location.search as Search, structuralSharing: true });
}

export type ChangeSearch = (changes: Record<string, string | undefined>, options?: { replace?: boolean }) => void;

/** Changes some parameters and keeps the rest; `undefined` and empty remove. Each change is a step that back undoes. */
export function useChangeSearch(): ChangeSearch {
  const router = useRouter();
  return useCallback(
    (changes, options) => {
      const { pathname, search } = router.latestLocation;
      const next = new URLSearchParams(search as Search);
      for (const [name, value] of Object.entries(changes)) {
        if (value === undefined || value === '') next.delete(name);
        else next.set(name, value);
      }
      const href = hrefOf(pathname, Object.fromEntries(next));
      if (options?.replace) router.history.replace(href);
      else router.history.push(href);
    },
    [router],
  );
}

/** One parameter of the page with its default. */
export function useParameter(
  name: string,
  fallback = '',
): [string, (value: string | undefined, options?: { replace?: boolean }) => void] {
  const search = useSearch();
  const change = useChangeSearch();
  const set = useCallback(
    (value: string | undefined, options?: { replace?: boolean }) =>
      change({ [name]: value === fallback ? undefined : value }, options),
    [change, name, fallback],
  );
  return [search[name] ?? fallback, set];
}

/** Path and parameters as one address; empty ones are left out. */
export function hrefOf(path: string, search: Record<string, string | undefined>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) if (value) query.set(name, value);
  const text = query.toString();
  return text ? `${path}${path.includes('?') ? '&' : '?'}${text}` : path;
}

/** A door keeps time, environment and traffic; the rest belongs to the page it leaves. */
export function useDoor(): (path: string, search?: Record<string, string | undefined>) => string {
  const current = useSearch();
  return useCallback(
    (path, search = {}) => {
      const kept = Object.fromEntries(Object.entries(current).filter(([name]) => isUrlState(name)));
      const own = new URLSearchParams(path.split('?')[1] ?? '');
      for (const name of own.keys()) delete kept[name];
      return hrefOf(path, { ...kept, ...search });
    },
    [current],
  );
}
