import { Anchor, Button, Group, Stack, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { problemAt, problemsElsewhere, useDeed, useIdempotencyKey } from '../api/use-deed';
import type { Role } from '../gql/graphql';
import { Problems } from '../ui/states';
import { tellDone } from '../ui/tell';
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
  // The offered ones may come after the dialog has opened: all are ticked until somebody chooses.
  const [chosen, setChosen] = useState<string[] | null>(null);
  const methods = chosen ?? offered.map((method) => method.id);
  const invite = useDeed(InviteUser);
  const keyOf = useIdempotencyKey();
  const isChanged = email !== '' || role !== 'VIEWER' || methods.length !== offered.length;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const input = { email, role, authMethods: methods };
    const outcome = await invite.run({ ...input, idempotencyKey: keyOf(input) });
    if (!outcome.done) return;
    tellDone(`${outcome.payload.user?.email} is invited. The mail with the link is on its way.`);
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
              invite.forgetProblems();
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
