import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Alert, Button, Checkbox, Group, Stack, Text } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { explain } from '../api/problems';
import { problemAt, problemsElsewhere, useApiMutation, useIdempotencyKey } from '../api/use-api-mutation';
import { useUndo } from '../bulk/use-undo';
import { notifyDone } from '../ui/notify';
import { PersonCell } from '../ui/person-cell';
import { Problems } from '../ui/states';
import { FormDialog } from '../unsaved/form-dialog';
import { changeText, nameOf } from './change-text';
import { MethodChoice } from './method-choice';
import { UpdateUser } from './mutations';
import type { User } from './queries';
import { RoleChoice } from './role-choice';
import { StatusChip } from './status-chip';
import { formOf, isChanged, updateOf } from './user-update';

interface Props {
  user: User;
  offered: User['authMethods'];
  onClose: () => void;
  /** Called when someone else has changed the user. */
  onStale: () => void;
}

/** Changes role, login methods and access together. */
export function ManageDialog({ user, offered, onClose, onStale }: Props) {
  const [seen, setSeen] = useState(user);
  const [form, setForm] = useState(() => formOf(user));
  const update = useApiMutation(UpdateUser);
  const undo = useUndo();
  const keyOf = useIdempotencyKey();
  const can = user.viewerCan;
  const isStale = user.version > seen.version && !update.busy;
  const access = form.active ? can?.deactivate : can?.activate;

  const startAgain = () => {
    setSeen(user);
    setForm(formOf(user));
    update.clearProblems();
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const input = updateOf(seen, form);
    const outcome = await update.run({ ...input, idempotencyKey: keyOf(input) });
    if (outcome.done) {
      const name = nameOf(seen);
      const targets = outcome.payload.eventIds.map((eventId) => ({ eventId }));
      const back = { label: t`Undo`, run: () => undo(targets, t`${name} is as before.`) };
      notifyDone(changeText(seen, form, offered), targets.length > 0 ? back : null);
      onClose();
    } else if (outcome.problems.some((problem) => problem.code === 'VERSION_CONFLICT')) onStale();
  };

  const shownName = user.name ?? user.email ?? '';
  return (
    <FormDialog title={t`Manage ${shownName}`} isChanged={isChanged(seen, form)} onClose={onClose}>
      <form onSubmit={submit} noValidate>
        <Stack>
          <Group justify="space-between" align="flex-start">
            <PersonCell user={user} />
            <StatusChip user={user} />
          </Group>
          <RoleChoice
            value={form.role}
            onChange={(role) => setForm({ ...form, role })}
            disabledBecause={reason(can?.changeRole)}
          />
          <MethodChoice
            offered={offered}
            value={form.methods}
            onChange={(methods) => setForm({ ...form, methods })}
            error={problemAt(update.problems, 'authMethods')}
            disabledBecause={reason(can?.changeAuthMethods)}
          />
          <Checkbox
            label={t`Deactivate user`}
            description={
              reason(seen.status === 'INACTIVE' ? can?.activate : can?.deactivate) ??
              t`Their access ends at once, until it is given back`
            }
            checked={!form.active}
            disabled={access !== undefined && !access.allowed && form.active === formOf(seen).active}
            onChange={(event) => setForm({ ...form, active: !event.target.checked })}
          />
          {isStale && (
            <Alert color="orange" role="alert" title={t`Someone else has changed this user`}>
              <Stack gap="xs" align="flex-start">
                <Text size="sm">
                  <Trans>Look at what is new, then decide again.</Trans>
                </Text>
                <Button size="xs" variant="default" onClick={startAgain}>
                  <Trans>Show what is new</Trans>
                </Button>
              </Stack>
            </Alert>
          )}
          {!isStale && <Problems problems={problemsElsewhere(update.problems, ['authMethods'])} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              <Trans>Cancel</Trans>
            </Button>
            <Button type="submit" loading={update.busy} disabled={isStale}>
              <Trans>Update</Trans>
            </Button>
          </Group>
        </Stack>
      </form>
    </FormDialog>
  );
}

function reason(possibility: NonNullable<User['viewerCan']>['delete'] | undefined): string | undefined {
  return possibility && !possibility.allowed ? explain(possibility.code, possibility.message) : undefined;
}
