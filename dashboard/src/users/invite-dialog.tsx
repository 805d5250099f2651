import { Anchor, Button, Group, Stack, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { problemAt, problemsElsewhere, useApiMutation, useIdempotencyKey } from '../api/use-api-mutation';
import type { Role } from '../gql/graphql';
import { notifyDone } from '../ui/notify';
import { Problems } from '../ui/states';
import { FormDialog } from '../unsaved/form-dialog';
import { MethodChoice } from './method-choice';
import { InviteUser } from './mutations';
import type { User } from './queries';
import { RoleChoice } from './role-choice';

interface Props {
  offered: User['authMethods'];
  onClose: () => void;
  onMany: () => void;
}

/** Invites one person. */
export function InviteDialog({ offered, onClose, onMany }: Props) {
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<Role>('VIEWER');
  // The methods may load after the dialog has opened: all are ticked until the user chooses.
  const [chosen, setChosen] = useState<string[] | null>(null);
  const methods = chosen ?? offered.map((method) => method.id);
  const invite = useApiMutation(InviteUser);
  const keyOf = useIdempotencyKey();
  const isChanged = email !== '' || role !== 'VIEWER' || methods.length !== offered.length;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const input = { email, role, authMethods: methods };
    const outcome = await invite.run({ ...input, idempotencyKey: keyOf(input) });
    if (!outcome.done) return;
    notifyDone(`${outcome.payload.user?.email} is invited. The mail with the link is on its way.`);
    onClose();
  };

  return (
    <FormDialog title="Invite user" isChanged={isChanged} onClose={onClose}>
      <form onSubmit={submit} noValidate>
        <Stack>
          <TextInput
            label="Email"
            type="email"
            autoComplete="off"
            data-autofocus
            value={email}
            onChange={(event) => {
              setEmail(event.target.value);
              invite.clearProblems();
            }}
            error={problemAt(invite.problems, 'email')}
          />
          <RoleChoice value={role} onChange={setRole} />
          <MethodChoice
            offered={offered}
            value={methods}
            onChange={setChosen}
            error={problemAt(invite.problems, 'authMethods')}
          />
          <Problems problems={problemsElsewhere(invite.problems, ['email', 'authMethods'])} />
          <Group justify="space-between">
            <Anchor component="button" type="button" size="sm" onClick={onMany}>
              Invite many at once
            </Anchor>
            <Group gap="xs">
              <Button variant="default" onClick={onClose}>
                Cancel
              </Button>
              <Button type="submit" loading={invite.busy}>
                Invite
              </Button>
            </Group>
          </Group>
        </Stack>
      </form>
    </FormDialog>
  );
}
