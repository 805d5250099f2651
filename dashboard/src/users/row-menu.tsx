import { ActionIcon, Menu, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useLocation } from 'wouter';
import { explain } from '../api/problems';
import { useApiMutation } from '../api/use-api-mutation';
import { copy } from '../ui/copy';
import { MoreIcon } from '../ui/icons';
import { notifyDone, notifyProblem } from '../ui/notify';
import { RevealInvitationLink } from './mutations';
import type { User } from './queries';

/** A dialog about one user. */
export type UserDialog = 'manage' | 'resend' | 'delete' | 'erase';

type Possibility = NonNullable<User['viewerCan']>['delete'];

interface Props {
  user: User;
  /** Whether this is the user's own page, to which no way leads then. */
  isHere?: boolean;
  onOpen: (dialog: UserDialog) => void;
}

/** The actions for a user. An action that is not possible is shown disabled, with the reason. */
export function RowMenu({ user, isHere = false, onOpen }: Props) {
  const reveal = useApiMutation(RevealInvitationLink);
  const [, go] = useLocation();
  const can = user.viewerCan;
  // There are no actions for users of the past.
  if (!can) return null;

  const copyLink = async () => {
    const outcome = await reveal.run({ id: user.id });
    if (!outcome.done) return notifyProblem(outcome.problems.map((problem) => problem.text).join(' '));
    const link = outcome.payload.link ?? '';
    const isCopied = await copy(link);
    if (isCopied) notifyDone(`The invitation link for ${user.email} is copied. Anyone who holds it can accept.`);
    else notifyProblem(`The browser does not let us copy. The invitation link for ${user.email} is ${link}`);
  };

  return (
    <Menu position="bottom-end" width={280}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={`Actions for ${user.email}`}>
          <MoreIcon />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {!isHere && <Menu.Item onClick={() => go(`/users/${user.id}`)}>Show details and history</Menu.Item>}
        <Item possibility={anyOf(can.changeRole, can.changeAuthMethods)} onClick={() => onOpen('manage')}>
          Manage user …
        </Item>
        {user.invitation && (
          <>
            <Item possibility={can.resendInvitation} onClick={() => onOpen('resend')}>
              Resend invitation …
            </Item>
            <Item possibility={can.revealInvitationLink} onClick={copyLink}>
              Copy invitation link
            </Item>
          </>
        )}
        <Menu.Divider />
        {user.status === 'DELETED' ? (
          <Item possibility={can.erase} onClick={() => onOpen('erase')} isDangerous>
            Erase permanently …
          </Item>
        ) : (
          <Item possibility={can.delete} onClick={() => onOpen('delete')} isDangerous>
            Delete user …
          </Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

interface ItemProps {
  possibility: Possibility;
  onClick: () => void;
  isDangerous?: boolean;
  children: ReactNode;
}

/** An entry that stays reachable with the keyboard when it cannot be used, so that its reason is read out. */
function Item({ possibility, onClick, isDangerous, children }: ItemProps) {
  if (possibility.allowed) {
    return (
      <Menu.Item onClick={onClick} {...(isDangerous ? { c: 'var(--mantine-color-error)' } : {})}>
        {children}
      </Menu.Item>
    );
  }
  return (
    <Menu.Item aria-disabled closeMenuOnClick={false} c="dimmed">
      {children}
      <Text size="xs" c="dimmed">
        {explain(possibility.code, possibility.message)}
      </Text>
    </Menu.Item>
  );
}

function anyOf(first: Possibility, second: Possibility): Possibility {
  return first.allowed ? first : second;
}
