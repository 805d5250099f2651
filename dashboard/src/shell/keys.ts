// The keys that do something, for the help.
import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';
import { MODIFIER } from './modifier';

export interface KeyGroup {
  title: MessageDescriptor;
  /** The keys, pressed one after the other, or at once where there is a plus between them; and what they do. */
  keys: [string[], MessageDescriptor][];
}

export const KEY_GROUPS: KeyGroup[] = [
  {
    title: msg`Everywhere`,
    keys: [
      [[MODIFIER, '+', 'K'], msg`Find a page, a person or an action`],
      [['g', 'u'], msg`Go to the users`],
      [['g', 'o'], msg`Go to the overview`],
      [['g', 'l'], msg`Go to the audit log`],
      [['g', 'k'], msg`Go to the API keys`],
      [['g', 'a'], msg`Go to the account`],
      [['g', 'p'], msg`Go to my profile`],
      [['?'], msg`Show this help`],
      [['Esc'], msg`Close a dialog or a menu`],
    ],
  },
  {
    title: msg`In the list of users`,
    keys: [
      [['/'], msg`Search`],
      [['j'], msg`Next row`],
      [['k'], msg`Previous row`],
      [['Enter'], msg`Open the page of the person`],
      [['x'], msg`Select the row`],
      [['e'], msg`Manage the person`],
      [['i'], msg`Invite a user`],
      [['Shift', '+', 'click'], msg`Select all rows in between`],
    ],
  },
];
