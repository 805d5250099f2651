import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Anchor, Button, Stack, Text } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { Link, useParams } from 'wouter';
import { problemAt, problemsElsewhere, useApiMutation } from '../api/use-api-mutation';
import { graphql } from '../gql';
import { Problems } from '../ui/states';
import { EntryCard } from './entry-card';
import { WhoFields } from './who-fields';

const RequestReset = graphql(`
  mutation RequestReset($input: RequestPasswordResetInput!) {
    payload: requestPasswordReset(input: $input) { userErrors { ...ShownError } }
  }
`);

export default function ForgotPasswordPage() {
  const { slug } = useParams<{ slug?: string }>();
  const [account, setAccount] = useState(slug ?? '');
  const [email, setEmail] = useState('');
  const [isSent, setIsSent] = useState(false);
  const [asksAccount, setAsksAccount] = useState(false);
  const request = useApiMutation(RequestReset);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const outcome = await request.run({ account: account || null, email });
    if (outcome.done) setIsSent(true);
    else if (outcome.problems.some((problem) => problem.code === 'ACCOUNT_REQUIRED')) setAsksAccount(true);
  };
  const signIn = (
    <Anchor component={Link} href={slug ? `/${slug}/sign-in` : '/sign-in'} size="sm">
      <Trans>Back to sign in</Trans>
    </Anchor>
  );

  if (isSent) {
    return (
      <EntryCard title={t`Look into your mail`}>
        <Text role="status">
          <Trans>If a user has the address {email}, a mail is on its way. Its link works for an hour.</Trans>
        </Text>
        <Text c="dimmed" size="sm">
          <Trans>No mail? Check the spam folder. Users who sign in without a password get none.</Trans>
        </Text>
        {signIn}
      </EntryCard>
    );
  }
  return (
    <EntryCard title={t`Forgotten your password?`}>
      <Text>
        <Trans>Enter your address. A link for a new password is sent to it.</Trans>
      </Text>
      <form onSubmit={submit} noValidate>
        <Stack>
          <WhoFields
            account={asksAccount ? account : null}
            onAccount={setAccount}
            email={email}
            onEmail={setEmail}
            emailError={problemAt(request.problems, 'email')}
          />
          <Problems problems={problemsElsewhere(request.problems, ['email'])} />
          <Button type="submit" loading={request.busy} fullWidth>
            <Trans>Send the link</Trans>
          </Button>
          {signIn}
        </Stack>
      </form>
    </EntryCard>
  );
}
