// Applied before the first paint, so that a dark page never flashes white. A file of its own because the content
// security policy allows no inline script. The settings store takes over once the page runs.
(() => {
  let theme = 'system';
  try {
    theme = JSON.parse(localStorage.getItem('codesync.settings') ?? '{}').state?.theme ?? 'system';
  } catch {
    // Storage is blocked or holds something else: follow the system.
  }
  const dark = theme === 'dark' || (theme === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
})();
