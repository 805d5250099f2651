// Where the list of users was left, so that the way back from a person leads to the same filters, order and page.
const KEY = 'roster-last-list';

/** Notes the address of the list that is shown. */
export function noteList(path: string): void {
  try {
    sessionStorage.setItem(KEY, path);
  } catch {
    // A browser that stores nothing for us: the way back leads to the first page.
  }
}

/** The address of the list that was shown last in this tab. */
export function lastListPath(): string {
  try {
    const path = sessionStorage.getItem(KEY) ?? '';
    return path.startsWith('/users?') ? path : '/users';
  } catch {
    return '/users';
  }
}
