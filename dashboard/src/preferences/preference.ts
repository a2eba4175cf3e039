import { useCallback, useSyncExternalStore } from 'react';

const prefix = 'orrery.';
const listeners = new Set<() => void>();

/** What a person set on this browser and no link carries. Storage that is forbidden means the default. */
export function readPreference(name: string): string | null {
  try {
    return localStorage.getItem(prefix + name);
  } catch {
    return null;
  }
}

export function writePreference(name: string, value: string): void {
  try {
    localStorage.setItem(prefix + name, value);
  } catch {
    // Holds for this page view only.
  }
  for (const listener of listeners) listener();
}

export function usePreference<T extends string>(name: string, fallback: T): [T, (value: T) => void] {
  const value = useSyncExternalStore(subscribe, () => readPreference(name) ?? fallback) as T;
  return [value, useCallback((next: T) => writePreference(name, next), [name])];
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener('storage', listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener('storage', listener);
  };
}
