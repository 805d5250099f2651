import { Anchor, Button, Stack, Text } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useQuery } from 'urql';
import { Link, useParams } from 'wouter';
import { problemOf } from '../api/problems';
import { problemAt, problemsElsewhere, useDeed } from '../api/use-deed';
import { graphql } from '../gql';
import type { PasswordResetQuery } from '../gql/graphql';
import { Failed, Loading, Problems } from '../ui/states';
import { EntryCard } from './entry-card';
import { NewPasswordInput } from './new-password-input';

const PasswordReset = graphql(`
  query PasswordReset($token: String!) {
    passwordReset(token: $token) { accountName email }
  }
`);

const ResetPassword = graphql(`
  mutation ResetPassword($input: ResetPasswordInput!) {
    payload: resetPassword(input: $input) { viewer { user { id } } userErrors { code message field } }
  }
`);

type Preview = NonNullable<PasswordResetQuery['passwordReset']>;

const DEAD = 'INVALID_RESET_LINK';

export default function ResetPasswordPage() {
  const { slug, token } = useParams<{ slug: string; token: string }>();
  const [{ data, error }, ask] = useQuery({ query: PasswordReset, variables: { token }, requestPolicy: 'network-only' });
  // The link may die while the form is filled in.
  const [died, setDied] = useState(false);
  const problem = error && problemOf(error);

  if (died || problem?.code === DEAD) {
    return (
      <EntryCard title="This link does not work any more">
        <Text role="alert">It was used, or is older than an hour. Your password is unchanged.</Text>
        <Anchor component={Link} href={`/${slug}/forgot-password`}>
          Ask for a new link
        </Anchor>
      </EntryCard>
    );
  }
  if (problem || !data?.passwordReset) {
    return (
      <EntryCard title="Set a new password">
        {problem ? (
          <Failed problem={problem} onRetry={() => ask({ requestPolicy: 'network-only' })} />
        ) : (
          <Loading what="the link" />
        )}
      </EntryCard>
    );
  }
  return <Form token={token} preview={data.passwordReset} onDead={() => setDied(true)} />;
}

function Form({ token, preview, onDead }: { token: string; preview: Preview; onDead: () => void }) {
  const [password, setPassword] = useState('');
  const reset = useDeed(ResetPassword);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const outcome = await reset.run({ token, newPassword: password, transport: 'COOKIE' });
    if (outcome.done) location.assign('/');
    else if (outcome.problems.some(({ code }) => code === DEAD)) onDead();
  };

  return (
    <EntryCard title="Set a new password">
      <Text>
        For <b>{preview.email}</b> in <b>{preview.accountName}</b>. You are signed in with it at once, and signed out everywhere
        else. Your API keys are revoked.
      </Text>
      <form onSubmit={submit} noValidate>
        <Stack>
          <input type="hidden" autoComplete="username" value={preview.email} readOnly />
          <NewPasswordInput
            label="New password"
            autoFocus
            value={password}
            onChange={setPassword}
            error={problemAt(reset.problems, 'newPassword')}
          />
          <Problems problems={problemsElsewhere(reset.problems, ['newPassword'])} />
          <Button type="submit" loading={reset.busy} fullWidth>
            Set the password
          </Button>
        </Stack>
      </form>
    </EntryCard>
  );
}
