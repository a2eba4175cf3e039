// Runs before the first paint so that a dark page never flashes white. A file, because the policy forbids inline scripts.
(() => {
  let choice = null;
  try {
    choice = localStorage.getItem('orrery.color-scheme');
  } catch {
    // Storage may be forbidden; the system's choice holds then.
  }
  const dark = choice === 'dark' || (choice !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
})();
