import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { ActionIcon, Button, Menu } from '@mantine/core';
import { useState } from 'react';
import type { UserFilter } from '../gql/graphql';
import { useOffers } from '../palette/offers';
import type { Counted } from '../ui/count';
import { ActivateIcon, CloseIcon, DeactivateIcon, DeleteIcon, DownIcon, ResendIcon } from '../ui/icons';
import { word } from '../ui/words';
import type { User } from '../users/queries';
import { all, NOTHING, type Selection, sizeOf } from '../users/selection';
import type { BulkAction } from './actions';
import classes from './bulk-bar.module.css';
import BulkDialog from './bulk-dialog';
import { bulkOffers, rolesFor } from './bulk-offers';
import { MethodsDialog } from './methods-dialog';

interface Props {
  selection: Selection;
  onSelect: (selection: Selection) => void;
  /** The users on the page that is shown. */
  users: readonly User[];
  filter: UserFilter;
  total: Counted | undefined;
  offered: User['authMethods'];
  onChanged: () => void;
}

/** How many users are selected, and what can be done to them. */
export default function BulkBar({ selection, onSelect, users, filter, total, offered, onChanged }: Props) {
  const [action, setAction] = useState<BulkAction | null>(null);
  const [isChoosing, setIsChoosing] = useState(false);
  const count = sizeOf(selection);
  const hasMore =
    selection.kind === 'some' && total !== undefined && total.count > count && users.every(({ id }) => selection.ids.has(id));
  const selected =
    selection.kind === 'some'
      ? { ids: [...selection.ids] }
      : { filter, count: selection.count, isExact: total?.precision !== 'AT_LEAST' };
  const known = selection.kind === 'some' ? users.filter(({ id }) => selection.ids.has(id)) : [];
  const acting = { count, known: known.length === count ? known : null };
  useOffers(bulkOffers(acting, setAction, () => setIsChoosing(true)));
  return (
    <section className={classes.bar} aria-label={t`Selected users`} data-bulk-bar data-screen-only>
      <span role="status" className={classes.count}>
        {plural(count, { one: '# selected', other: '# selected' })}
      </span>
      {hasMore && (
        <Button variant="subtle" size="compact-sm" onClick={() => onSelect(all(total.count))}>
          {plural(total.count, { one: 'Select all #', other: 'Select all #' })}
        </Button>
      )}
      <Menu position="top-start">
        <Menu.Target>
          <Button variant="default" size="xs" px="sm" rightSection={<DownIcon size={14} />}>
            <Trans>Role</Trans>
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {rolesFor(acting).map((role) => (
            <Menu.Item key={role} onClick={() => setAction({ kind: 'role', role })}>
              {word(role)}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <Button variant="default" size="xs" px="sm" onClick={() => setIsChoosing(true)}>
        <Trans>Login</Trans>
      </Button>
      <Menu position="top-start">
        <Menu.Target>
          <Button variant="default" size="xs" px="sm" rightSection={<DownIcon size={14} />}>
            <Trans>Access</Trans>
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<DeactivateIcon size={16} />} onClick={() => setAction({ kind: 'active', active: false })}>
            <Trans>Deactivate</Trans>
          </Menu.Item>
          <Menu.Item leftSection={<ActivateIcon size={16} />} onClick={() => setAction({ kind: 'active', active: true })}>
            <Trans>Activate</Trans>
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Button
        variant="default"
        size="xs"
        px="sm"
        leftSection={<ResendIcon size={16} />}
        onClick={() => setAction({ kind: 'resend' })}
      >
        <Trans>Resend</Trans>
      </Button>
      <Button
        variant="default"
        size="xs"
        px="sm"
        c="red"
        leftSection={<DeleteIcon size={16} />}
        onClick={() => setAction({ kind: 'delete' })}
      >
        <Trans>Delete</Trans>
      </Button>
      <ActionIcon variant="subtle" color="gray" size={30} aria-label={t`Clear the selection`} onClick={() => onSelect(NOTHING)}>
        <CloseIcon size={16} />
      </ActionIcon>
      {isChoosing && (
        <MethodsDialog
          count={count}
          offered={offered}
          onClose={() => setIsChoosing(false)}
          onChoose={(next) => {
            setIsChoosing(false);
            setAction(next);
          }}
        />
      )}
      {action && (
        <BulkDialog
          action={action}
          selected={selected}
          count={count}
          onClose={() => setAction(null)}
          onChanged={onChanged}
          onDone={() => {
            setAction(null);
            onSelect(NOTHING);
          }}
        />
      )}
    </section>
  );
}
