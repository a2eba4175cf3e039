import { serviceProcess } from './service-process.mjs';
import { customers, services } from './services.mjs';

/**
 * All processes of the shop.
 * @param {import('./service-process.mjs').Surroundings & { load: boolean }} options
 */
export function shopProcesses({ load, ...surroundings }) {
  const processes = services.map((service) => serviceProcess(service, surroundings));
  const driver = load ? serviceProcess(customers, surroundings) : undefined;
  /** @param {string} name */
  const find = (name) => processes.find((candidate) => candidate.name === name);

  for (const { name, needs } of services) {
    // A database in memory comes back empty: who keeps connections to it had better begin anew.
    for (const needed of needs ?? []) find(needed)?.onCrash(() => find(name)?.crash());
  }

  return {
    find,
    names: services.map(({ name }) => name),

    /** Starts everything; the customers come when the doors are open. */
    async open() {
      const [database, broker, ...others] = processes;
      for (const base of [database, broker]) base?.up();
      await Promise.all([database?.isReady(30_000), broker?.isReady(30_000)]);
      for (const service of others) service.up();
      const ready = await Promise.all(others.map((service) => service.isReady(60_000)));
      driver?.up();
      return others.filter((_, index) => !ready[index]).map(({ name }) => name);
    },

    async close() {
      await driver?.down();
      await Promise.all(processes.map((service) => service.down()));
    },

    states: () => Object.fromEntries([...processes, ...(driver ? [driver] : [])].map((one) => [one.name, one.state()])),
  };
}
