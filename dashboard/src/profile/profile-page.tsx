import { msg, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Button, Checkbox, Group, PasswordInput, Stack, Title } from '@mantine/core';
import { type FormEvent, Fragment, useState } from 'react';
import { useQuery } from 'urql';
import { problemOf } from '../api/problems';
import { problemAt, problemsElsewhere, useApiMutation } from '../api/use-api-mutation';
import { useLive } from '../api/use-live';
import { NewPasswordInput } from '../entry/new-password-input';
import { graphql } from '../gql';
import type { OwnAccessQuery } from '../gql/graphql';
import { useViewer } from '../session/session';
import { Card } from '../ui/card';
import { notifyDone } from '../ui/notify';
import { Failed, Loading, Problems } from '../ui/states';
import { useTitle } from '../ui/use-title';
import { rightsWithin, word } from '../ui/words';
import { useUnsaved } from '../unsaved/unsaved';
import { Sessions } from '../user/sessions';
import { Leave } from './leave';
import { NameForm } from './name-form';

const ChangePassword = graphql(`
  mutation ChangePassword($input: ChangePasswordInput!) {
    payload: changePassword(input: $input) { viewer { user { id } } userErrors { ...ShownError } }
  }
`);

const OwnAccess = graphql(`
  query OwnAccess {
    viewer {
      sessions { ...ShownSession }
      user { id authMethods { id kind } apiKeys { id name } }
      account { id authMethods { id } }
    }
  }
`);

/** Who one is, from where one is signed in, and one's password. */
export default function ProfilePage() {
  useTitle(t`My profile`);
  const { user, account } = useViewer();
  const isTime = useLive(
    ({ kind, userId }) => userId === user.id || kind === 'account',
    () => refresh(),
  );
  const [{ data, error }, ask] = useQuery({ query: OwnAccess, requestPolicy: 'cache-and-network', pause: !isTime });
  const refresh = () => ask({ requestPolicy: 'network-only' });
  const access = data?.viewer;
  const role = word(user.role);
  const may = rightsWithin(user.role);
  return (
    <Stack maw={880} gap="lg">
      <Title order={1} size="h2">
        <Trans>My profile</Trans>
      </Title>
      <Card title={user.email ?? ''} description={t`${role} of ${account.name}: ${may}.`}>
        <NameForm />
      </Card>
      {error && <Failed problem={problemOf(error)} onRetry={refresh} />}
      {!access && !error && <Loading text={msg`Loading your sessions …`} />}
      {access && <Sessions userId={user.id} sessions={access.sessions ?? []} onEnded={refresh} />}
      {access && signsInWithPassword(access) && (
        <Card title={t`Password`} description={t`With a new password you are signed out everywhere else.`}>
          <PasswordForm keys={access.user.apiKeys ?? []} onChanged={refresh} />
        </Card>
      )}
      <Leave />
    </Stack>
  );
}

/** Others have a password with their provider alone, if any. */
function signsInWithPassword({ user, account }: NonNullable<OwnAccessQuery['viewer']>): boolean {
  return user.authMethods.some(({ id, kind }) => kind === 'PASSWORD' && account.authMethods.some((offered) => offered.id === id));
}

interface PasswordFormProps {
  /** The API keys that end with the old password, unless they are kept. */
  keys: readonly { id: string; name: string }[];
  onChanged: () => void;
}

function PasswordForm({ keys, onChanged }: PasswordFormProps) {
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [keepApiKeys, setKeepApiKeys] = useState(false);
  const change = useApiMutation(ChangePassword);
  useUnsaved(current !== '' || next !== '');
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const outcome = await change.run({ currentPassword: current, newPassword: next, transport: 'COOKIE', keepApiKeys });
    if (!outcome.done) return;
    setCurrent('');
    setNext('');
    setKeepApiKeys(false);
    onChanged();
    notifyDone(t`Your password is changed. You are signed out everywhere else.`);
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack maw={480}>
        <PasswordInput
          label={t`Current password`}
          autoComplete="current-password"
          visibilityToggleButtonProps={{ 'aria-label': t`Show the password` }}
          value={current}
          onChange={(event) => setCurrent(event.target.value)}
          error={problemAt(change.problems, 'currentPassword')}
        />
        <NewPasswordInput
          label={t`New password`}
          value={next}
          onChange={setNext}
          error={problemAt(change.problems, 'newPassword')}
        />
        {keys.length > 0 && (
          <Checkbox
            label={t`Keep my API keys working`}
            description={
              <>
                <Trans>Otherwise these are revoked:</Trans>{' '}
                {keys.map(({ id, name }, index) => (
                  <Fragment key={id}>
                    {index > 0 && ', '}
                    <bdi>{name}</bdi>
                  </Fragment>
                ))}
              </>
            }
            checked={keepApiKeys}
            onChange={(event) => setKeepApiKeys(event.target.checked)}
          />
        )}
        <Problems problems={problemsElsewhere(change.problems, ['currentPassword', 'newPassword'])} />
        <Group>
          <Button type="submit" variant="default" loading={change.busy}>
            <Trans>Change password</Trans>
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
