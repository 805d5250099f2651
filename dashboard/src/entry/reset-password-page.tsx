import { Anchor, Button, Stack, Text } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { Link, useParams } from 'wouter';
import { problemAt, problemsElsewhere, useDeed } from '../api/use-deed';
import { graphql } from '../gql';
import { Problems } from '../ui/states';
import { EntryCard } from './entry-card';
import { NewPasswordInput } from './new-password-input';

const ResetPassword = graphql(`
  mutation ResetPassword($input: ResetPasswordInput!) {
    payload: resetPassword(input: $input) { viewer { user { id } } userErrors { code message field } }
  }
`);

export default function ResetPasswordPage() {
  const { slug, token } = useParams<{ slug: string; token: string }>();
  const [password, setPassword] = useState('');
  const reset = useDeed(ResetPassword);
  const isDead = reset.problems.some((problem) => problem.code === 'INVALID_RESET_LINK');

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const outcome = await reset.run({ token, newPassword: password, transport: 'COOKIE' });
    if (outcome.done) location.assign('/');
  };

  if (isDead) {
    return (
      <EntryCard title="This link does not work any more">
        <Text role="alert">It was used, or is older than an hour. Your password is unchanged.</Text>
        <Anchor component={Link} href={`/${slug}/forgot-password`}>
          Ask for a new link
        </Anchor>
      </EntryCard>
    );
  }
  return (
    <EntryCard title="Set a new password">
      <Text>You are signed in with it at once, and signed out everywhere else.</Text>
      <form onSubmit={submit} noValidate>
        <Stack>
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
