// Whom this page shows. All tabs of a browser share one session, so a sign-in in another tab changes who asks: each request says whom the
// page shows, and the server refuses it (`SESSION_CHANGED`) when another person is signed in.

const HEADER = 'roster-acting-for';
const PARAMETER = 'acting_for';
/** The value for a page that has found no one signed in. */
const NO_ONE = 'nobody';

let shown: string | null = null;

/** Says whom the page shows, by the `actingFor` of the viewer, or null for no one. It stays so until the page is loaded again. */
export function actFor(actingFor: string | null): void {
  shown ??= actingFor ?? NO_ONE;
}

/** Whether the page shows a signed-in user. */
export function showsViewer(): boolean {
  return shown !== null && shown !== NO_ONE;
}

/** Whom the page shows; undefined before it knows. */
export function actingFor(): string | undefined {
  return shown ?? undefined;
}

/** The header that says for whom a request acts: the viewer of the page, unless another is given. */
export function actingForHeader(actingFor: string | null = shown): Record<string, string> {
  return actingFor === null ? {} : { [HEADER]: actingFor };
}

/** A path of the server for a link, a download or a form, with whom the page shows. */
export function withActingFor(path: string): string {
  if (shown === null) return path;
  return `${path}${path.includes('?') ? '&' : '?'}${PARAMETER}=${encodeURIComponent(shown)}`;
}
