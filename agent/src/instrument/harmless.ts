import type { Agent } from '../engine/engine.js';

/** Does work of ours in the middle of the application's, which a fault in it must not reach: it is told, once. */
export type Harmless = <Result>(work: () => Result) => Result | undefined;

/** @param what is observed, for a person: "could not record …" */
export function harmless(agent: Agent, code: string, what: string): Harmless {
  return (work) => {
    try {
      return work();
    } catch (error) {
      agent.warn(code, `could not record ${what}`, error);
      return undefined;
    }
  };
}
