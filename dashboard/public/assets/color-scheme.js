// Runs before the first paint. It sets the chosen colour scheme, so that a dark page never flashes white (Mantine takes over from here), the
// language, and says whether the address is one of a page without navigation, for the frame in index.html.
(() => {
  const page = document.documentElement;
  const kept = (key) => {
    try {
      return localStorage.getItem(key);
    } catch {
      // A browser that keeps nothing for us: the system decides.
      return null;
    }
  };
  const scheme = kept('mantine-color-scheme-value');
  const isDark = scheme === 'dark' || (scheme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  page.setAttribute('data-mantine-color-scheme', isDark ? 'dark' : 'light');

  // What the person chose, else the first language of the browser that there are texts in, else English.
  const languages = JSON.parse(page.dataset.languages);
  const wanted = navigator.languages.flatMap((tag) => [tag, tag.split('-')[0]]).filter((tag) => !tag.startsWith('pseudo'));
  const tag = [kept('roster-language'), ...wanted].find((one) => one && Object.hasOwn(languages, one)) ?? 'en';
  const { lang, dir, texts } = languages[tag];
  page.dataset.language = tag;
  page.lang = lang ?? tag;
  page.dir = dir;
  // Its texts are on their way while the scripts are.
  if (texts) {
    const link = document.createElement('link');
    link.rel = 'modulepreload';
    link.href = texts;
    document.head.append(link);
  }

  const isEntry = /^\/(welcome\/|([^/]+\/)?(sign-in|forgot-password|reset-password|invitations)(\/|$))/.test(location.pathname);
  page.toggleAttribute('data-entry', isEntry);
})();
