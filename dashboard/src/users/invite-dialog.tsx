import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Anchor, Button, Group, Stack, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useClient } from 'urql';
import { problemAt, problemsElsewhere, useApiMutation, useIdempotencyKey } from '../api/use-api-mutation';
import type { Role } from '../gql/graphql';
import { copy } from '../ui/copy';
import { absolute } from '../ui/dates';
import { notifyDone, notifyProblem } from '../ui/notify';
import { Problems } from '../ui/states';
import { word } from '../ui/words';
import { FormDialog } from '../unsaved/form-dialog';
import type { Dialog } from './dialog';
import { MethodChoice } from './method-choice';
import { InviteUser } from './mutations';
import type { User } from './queries';
import { revealLink } from './reveal-link';
import { RoleChoice } from './role-choice';

interface Props {
  offered: User['authMethods'];
  onClose: () => void;
  onMany: () => void;
  onOpen: (dialog: Dialog) => void;
}

/** Invites one person. */
export function InviteDialog({ offered, onClose, onMany, onOpen }: Props) {
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<Role>('VIEWER');
  // The methods may load after the dialog has opened: all are ticked until the user chooses.
  const [chosen, setChosen] = useState<string[] | null>(null);
  const [isMissing, setIsMissing] = useState(false);
  const methods = chosen ?? offered.map((method) => method.id);
  const invite = useApiMutation(InviteUser);
  const keyOf = useIdempotencyKey();
  const client = useClient();
  const isChanged = email !== '' || role !== 'VIEWER' || methods.length !== offered.length;

  const copyLink = async (user: User) => {
    const { link, problem } = await revealLink(client, user.id);
    if (link === null) notifyProblem(problem);
    else if (await copy(link))
      notifyDone(t`The invitation link for ${user.email ?? ''} is copied. Anyone who holds it can accept.`);
    else onOpen({ kind: 'link', user, link });
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setIsMissing(email.trim() === '');
    if (email.trim() === '') return;
    const input = { email, role, authMethods: methods };
    const outcome = await invite.run({ ...input, idempotencyKey: keyOf(input) });
    if (!outcome.done) return;
    const { user } = outcome.payload;
    onClose();
    if (user) notifyDone(invitedText(user), { label: t`Copy link`, run: () => copyLink(user) });
  };

  return (
    <FormDialog title={t`Invite user`} isChanged={isChanged} onClose={onClose}>
      <form onSubmit={submit} noValidate>
        <Stack>
          <TextInput
            label={t`Email`}
            type="email"
            autoComplete="off"
            data-autofocus
            value={email}
            onChange={(event) => {
              setEmail(event.target.value);
              setIsMissing(false);
              invite.clearProblems();
            }}
            error={isMissing ? t`Type the email address of the person.` : problemAt(invite.problems, 'email')}
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
              <Trans>Invite many at once</Trans>
            </Anchor>
            <Group gap="xs">
              <Button variant="default" onClick={onClose}>
                <Trans>Cancel</Trans>
              </Button>
              <Button type="submit" loading={invite.busy}>
                <Trans>Invite</Trans>
              </Button>
            </Group>
          </Group>
        </Stack>
      </form>
    </FormDialog>
  );
}

function invitedText({ email, role: id, invitation }: User): string {
  const address = email ?? '';
  const role = word(id);
  const invited = t`${address} is invited as ${role}. The mail with the link is on its way.`;
  if (!invitation) return invited;
  const end = absolute(invitation.expiresAt);
  return `${invited} ${t`The link works until ${end}.`}`;
}
