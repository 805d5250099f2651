// The ways in, and back to where one wanted to go.

/** The page to sign in on, which goes on to `next`. */
export function toSignIn(next: string): string {
  return next === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(next)}`;
}

/** Where to go after signing in: a path of this site that was asked for, or the start. */
export function nextPath(search: string, origin: string): string {
  const next = new URLSearchParams(search).get('next');
  if (next === null || !URL.canParse(next, origin)) return '/';
  const target = new URL(next, origin);
  return target.origin === origin && next.startsWith('/') ? target.pathname + target.search : '/';
}
