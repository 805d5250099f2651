import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { ActionIcon, Menu, Text } from '@mantine/core';
import { useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { MoreIcon, ProfileIcon } from '../ui/icons';
import type { Dialog } from './dialog';
import type { User } from './queries';
import { useUserActions } from './use-user-actions';
import { actionsOf, type UserAction } from './user-actions';

interface Props {
  user: User;
  /** Whether this is the user's own page, to which no way leads then. */
  isHere?: boolean;
  onOpen: (dialog: Dialog) => void;
}

/** The button of a row. Its menu is made when it is first opened: a list with many rows costs nothing for menus that no one opens. */
export function RowMenu(props: Props) {
  const [isUsed, setIsUsed] = useState(false);
  // There are no actions for users of the past.
  if (!props.user.viewerCan) return null;
  return isUsed ? <OpenedMenu {...props} /> : <MoreButton user={props.user} onClick={() => setIsUsed(true)} />;
}

interface ButtonProps {
  user: User;
  onClick?: () => void;
  ref?: React.Ref<HTMLButtonElement>;
}

function MoreButton({ user, ...props }: ButtonProps) {
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size={32}
      aria-label={t`Actions for ${user.email ?? ''}`}
      aria-haspopup="menu"
      {...props}
    >
      <MoreIcon />
    </ActionIcon>
  );
}

/** Opened at first; it stays with its button. */
function OpenedMenu({ user, isHere = false, onOpen }: Props) {
  const [isOpen, setIsOpen] = useState(true);
  const button = useRef<HTMLButtonElement>(null);
  const [, go] = useLocation();
  const run = useUserActions(onOpen);
  const actions = actionsOf(user);
  return (
    <Menu
      position="bottom-end"
      width={280}
      opened={isOpen}
      onChange={setIsOpen}
      // What had the focus before is gone: it was the button that this one has replaced.
      returnFocus={false}
      onClose={() => button.current?.focus()}
    >
      <Menu.Target>
        <MoreButton user={user} ref={button} />
      </Menu.Target>
      <Menu.Dropdown>
        {!isHere && (
          <Menu.Item onClick={() => go(`/users/${user.userId}`)} leftSection={<ProfileIcon size={16} />}>
            <Trans>Show details and history</Trans>
          </Menu.Item>
        )}
        {actions.map((action) => (
          <Item key={action.id} action={action} onClick={() => run(action.id, user)} />
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

interface ItemProps {
  action: UserAction;
  onClick: () => void;
}

/** An entry that stays reachable with the keyboard when it cannot be used, so that its reason is read out. */
function Item({ action: { label, icon: ActionSign, reason, isDangerous }, onClick }: ItemProps) {
  const sign = <ActionSign size={16} />;
  if (reason === null) {
    return (
      <>
        {isDangerous && <Menu.Divider />}
        <Menu.Item onClick={onClick} leftSection={sign} {...(isDangerous ? { c: 'var(--mantine-color-error)' } : {})}>
          {label}
        </Menu.Item>
      </>
    );
  }
  return (
    <>
      {isDangerous && <Menu.Divider />}
      <Menu.Item aria-disabled closeMenuOnClick={false} c="dimmed" leftSection={sign}>
        {label}
        <Text size="xs" c="dimmed">
          {reason}
        </Text>
      </Menu.Item>
    </>
  );
}
