import { msg } from '@lingui/core/macro';
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
import { rights, word } from '../ui/words';
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
  useTitle('My profile');
  const { user, account } = useViewer();
  const isTime = useLive(
    ({ kind, userId }) => userId === user.id || kind === 'account',
    () => refresh(),
  );
  const [{ data, error }, ask] = useQuery({ query: OwnAccess, requestPolicy: 'cache-and-network', pause: !isTime });
  const refresh = () => ask({ requestPolicy: 'network-only' });
  const access = data?.viewer;
  return (
    <Stack maw={880} gap="lg">
      <Title order={1} size="h2">
        My profile
      </Title>
      <Card title={user.email ?? ''} description={`${word(user.role)} of ${account.name}: ${rights(user.role).toLowerCase()}.`}>
        <NameForm />
      </Card>
      {error && <Failed problem={problemOf(error)} onRetry={refresh} />}
      {!access && !error && <Loading text={msg`Loading your sessions …`} />}
      {access && <Sessions userId={user.id} sessions={access.sessions ?? []} onEnded={refresh} />}
      {access && signsInWithPassword(access) && (
        <Card title="Password" description="With a new password you are signed out everywhere else.">
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
    notifyDone('Your password is changed. You are signed out everywhere else.');
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack maw={480}>
        <PasswordInput
          label="Current password"
          autoComplete="current-password"
          visibilityToggleButtonProps={{ 'aria-label': 'Show the password' }}
          value={current}
          onChange={(event) => setCurrent(event.target.value)}
          error={problemAt(change.problems, 'currentPassword')}
        />
        <NewPasswordInput
          label="New password"
          value={next}
          onChange={setNext}
          error={problemAt(change.problems, 'newPassword')}
        />
        {keys.length > 0 && (
          <Checkbox
            label="Keep my API keys working"
            description={
              <>
                Otherwise these are revoked:{' '}
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
            Change password
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
