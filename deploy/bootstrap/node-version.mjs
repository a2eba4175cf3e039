/*
 * Read by any Node that knows modules, however old: nothing here, and nothing imported here, may need a newer one.
 */

/** Whether this Node can run Orrery; says so in one sentence when not. */
export function isNodeSupported() {
  const parts = process.versions.node.split('.');
  const major = Number(parts[0]);
  const minor = Number(parts[1]);
  if ((major === 20 && minor >= 19) || major === 22 || major >= 24) return true;
  console.error(
    'Orrery needs Node 20.19, 22 or 24 and newer, and this is Node ' +
      process.versions.node +
      ': install another (https://nodejs.org/en/download) and try again.',
  );
  process.exitCode = 1;
  return false;
}
