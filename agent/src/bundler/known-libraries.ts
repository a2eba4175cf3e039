import { INSTRUMENTATIONS } from '../instrument/table.js';

/** Libraries that are observed by what they export: those a bundler hides from the agent. */
export const KNOWN_LIBRARIES: readonly string[] = INSTRUMENTATIONS.filter(({ patch, files }) => patch ?? files).map(
  ({ library }) => library,
);
