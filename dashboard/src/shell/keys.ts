// The keys that do something, for the help and for titles.

/** How the key is called that is pressed together with another one. */
export const MODIFIER = /Mac|iPhone|iPad/.test(navigator.platform) ? '⌘' : 'Ctrl';

export interface KeyGroup {
  title: string;
  /** The keys, pressed one after the other, or at once where there is a plus between them; and what they do. */
  keys: [string[], string][];
}

export const KEY_GROUPS: KeyGroup[] = [
  {
    title: 'Everywhere',
    keys: [
      [[MODIFIER, '+', 'K'], 'Find a page, a person or an action'],
      [['g', 'u'], 'Go to the users'],
      [['g', 'o'], 'Go to the overview'],
      [['g', 'l'], 'Go to the audit log'],
      [['g', 'k'], 'Go to the API keys'],
      [['g', 'a'], 'Go to the account'],
      [['g', 'p'], 'Go to my profile'],
      [['?'], 'Show this help'],
      [['Esc'], 'Close a dialog or a menu'],
    ],
  },
  {
    title: 'In the list of users',
    keys: [
      [['/'], 'Search'],
      [['j'], 'Next row'],
      [['k'], 'Previous row'],
      [['Enter'], 'Open the page of the person'],
      [['x'], 'Select the row'],
      [['e'], 'Manage the person'],
      [['i'], 'Invite a user'],
      [['Shift', '+', 'click'], 'Select all rows in between'],
    ],
  },
];
