// Runs before the first paint. It sets the chosen colour scheme, so that a dark page never flashes white (Mantine takes over from here), and
// says whether the address is one of a page without navigation, for the frame in index.html.
(() => {
  let chosen = null;
  try {
    chosen = localStorage.getItem('mantine-color-scheme-value');
  } catch {
    // A browser that keeps nothing for us: the system decides.
  }
  const isDark = chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.setAttribute('data-mantine-color-scheme', isDark ? 'dark' : 'light');
  const isEntry = /^\/(welcome\/|([^/]+\/)?(sign-in|forgot-password|reset-password|invitations)(\/|$))/.test(location.pathname);
  document.documentElement.toggleAttribute('data-entry', isEntry);
})();
