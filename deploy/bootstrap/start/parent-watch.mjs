/**
 * Calls `lost` when the process that started this one has ended without saying so: npm killed by force, a closed
 * terminal. Whoever was started directly, by a shell say, may live on without it.
 * @param {() => void} lost
 */
export function watchParent(lost) {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    lost();
  }, 500);
  timer.unref();
}
