import type { MantineColorSchemeManager } from '@mantine/core';
import { readPreference, writePreference } from './preference.js';

/** Keeps Mantine's scheme where `color-scheme.js` reads it before the first paint. */
export function colorSchemeManager(): MantineColorSchemeManager {
  return {
    get: (fallback) => {
      const stored = readPreference('color-scheme');
      return stored === 'light' || stored === 'dark' || stored === 'auto' ? stored : fallback;
    },
    set: (value) => writePreference('color-scheme', value),
    subscribe: () => undefined,
    unsubscribe: () => undefined,
    clear: () => writePreference('color-scheme', 'auto'),
  };
}
