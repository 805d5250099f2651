// What can be done to the selected users, for the palette: with a reason where it is known that none of them can be changed so.
import { t } from '@lingui/core/macro';
import { explain } from '../api/problems';
import type { Role } from '../gql/graphql';
import type { Offer } from '../palette/offers';
import { ActivateIcon, DeactivateIcon, DeleteIcon, EditIcon, KeyIcon, ResendIcon } from '../ui/icons';
import { ROLES, word } from '../ui/words';
import type { User } from '../users/queries';
import { type BulkAction, users } from './actions';

type Can = NonNullable<User['viewerCan']>;

interface Selected {
  count: number;
  /** Those of them whose rows are known; all of them, or null. */
  known: readonly User[] | null;
}

/** Why an action is possible for none of the selected; null if it is for some, or if not all are known. */
export function reasonFor({ known }: Selected, name: keyof Omit<Can, '__typename'>): string | null {
  const all = known?.map(({ viewerCan }) => viewerCan?.[name]) ?? [];
  const [first] = all;
  if (!first || all.some((one) => !one || one.allowed)) return null;
  return explain(first.code, first.message);
}

/** The roles that the selected can be given: not the one that all of them have. */
export function rolesFor({ known }: Selected): Role[] {
  return ROLES.filter((role) => !known?.length || known.some((user) => user.role !== role));
}

export function bulkOffers(selected: Selected, onAction: (action: BulkAction) => void, onMethods: () => void): Offer[] {
  const group = t`Selected: ${users(selected.count)}`;
  const offer = (id: string, label: string, icon: Offer['icon'], reason: string | null, run: () => void): Offer => ({
    id: `bulk-${id}`,
    group,
    label,
    ...(icon ? { icon } : {}),
    reason,
    run,
  });
  return [
    ...rolesFor(selected).map((role) => {
      const name = word(role);
      return offer(`role-${role}`, t`Change role to ${name} …`, EditIcon, reasonFor(selected, 'changeRole'), () =>
        onAction({ kind: 'role', role }),
      );
    }),
    offer('methods', t`Change login methods …`, KeyIcon, reasonFor(selected, 'changeAuthMethods'), onMethods),
    offer('deactivate', t`Deactivate …`, DeactivateIcon, reasonFor(selected, 'deactivate'), () =>
      onAction({ kind: 'active', active: false }),
    ),
    offer('activate', t`Activate …`, ActivateIcon, reasonFor(selected, 'activate'), () =>
      onAction({ kind: 'active', active: true }),
    ),
    offer('resend', t`Resend invitations …`, ResendIcon, reasonFor(selected, 'resendInvitation'), () =>
      onAction({ kind: 'resend' }),
    ),
    offer('delete', t`Delete …`, DeleteIcon, reasonFor(selected, 'delete'), () => onAction({ kind: 'delete' })),
  ];
}
