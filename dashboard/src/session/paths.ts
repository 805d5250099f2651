// The ways in, and back to where one wanted to go.

/** The page to sign in on, which goes on to `next`. */
export function toSignIn(next: string): string {
  return next === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(next)}`;
}

/**
 * Where to go after signing in: a path of this site that was asked for, or the start. The server decides whether the address of another site
 * is one that it trusts.
 */
export function nextPath(search: string, origin: string): string {
  const next = new URLSearchParams(search).get('next');
  if (next === null || !URL.canParse(next, origin)) return '/';
  const target = new URL(next, origin);
  if (target.origin === origin) return next.startsWith('/') ? target.pathname + target.search : '/';
  return /^https?:\/\//.test(next) ? `/sign-in/return?to=${encodeURIComponent(next)}` : '/';
}

/** The address of a provider's sign-in, which leads back to `next`, as a sign-in with a password does. */
export function withNext(url: string, search: string): string {
  const next = new URLSearchParams(search).get('next');
  if (next === null) return url;
  return `${url}${url.includes('?') ? '&' : '?'}next=${encodeURIComponent(next)}`;
}
