import { msg, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Anchor, Button, Stack, Text } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useQuery } from 'urql';
import { Link, useParams } from 'wouter';
import { problemOf } from '../api/problems';
import { problemAt, problemsElsewhere, useApiMutation } from '../api/use-api-mutation';
import { graphql } from '../gql';
import type { PasswordResetQuery } from '../gql/graphql';
import type { Viewer } from '../session/session';
import { leaveTo } from '../session/session-state';
import { Failed, Loading, Problems } from '../ui/states';
import { EntryCard } from './entry-card';
import { NewPasswordInput } from './new-password-input';
import { SignedInNote, useReplacing, useSignedIn } from './signed-in-note';
import { tokenOf } from './tokens';

const PasswordReset = graphql(`
  query PasswordReset($token: String!) {
    passwordReset(token: $token) { accountName email accountBrand { logoUrl color textColor } }
  }
`);

const ResetPassword = graphql(`
  mutation ResetPassword($input: ResetPasswordInput!) {
    payload: resetPassword(input: $input) { viewer { user { id } } userErrors { ...ShownError } }
  }
`);

type Preview = NonNullable<PasswordResetQuery['passwordReset']>;

const DEAD = 'INVALID_RESET_LINK';

export default function ResetPasswordPage() {
  const { slug, token: text } = useParams<{ slug: string; token: string }>();
  const token = tokenOf(text);
  const [{ data, error }, ask] = useQuery({ query: PasswordReset, variables: { token }, requestPolicy: 'network-only' });
  // The link may die while the form is filled in.
  const [died, setDied] = useState(false);
  const signedIn = useSignedIn();
  const problem = error ? problemOf(error) : signedIn.problem;

  if (died || problem?.code === DEAD) {
    return (
      <EntryCard title={t`This link does not work any more`}>
        <Text role="alert">
          <Trans>It was used, is older than an hour, or was not copied completely. Your password is unchanged.</Trans>
        </Text>
        <Anchor component={Link} href={`/${slug}/forgot-password`}>
          <Trans>Ask for a new link</Trans>
        </Anchor>
      </EntryCard>
    );
  }
  if (problem || !data?.passwordReset || !signedIn.isKnown) {
    return (
      <EntryCard title={t`Set a new password`}>
        {problem ? (
          <Failed problem={problem} onRetry={() => (error ? ask({ requestPolicy: 'network-only' }) : signedIn.ask())} />
        ) : (
          <Loading text={msg`Loading the link …`} />
        )}
      </EntryCard>
    );
  }
  const isSame =
    signedIn.viewer?.user.email === data.passwordReset.email && signedIn.viewer.account.name === data.passwordReset.accountName;
  const viewer = isSame ? null : signedIn.viewer;
  return <Form token={token} preview={data.passwordReset} viewer={viewer} onDead={() => setDied(true)} />;
}

interface Props {
  token: string;
  preview: Preview;
  /** Who else is signed in in this browser. */
  viewer: Viewer | null;
  onDead: () => void;
}

function Form({ token, preview, viewer, onDead }: Props) {
  const [password, setPassword] = useState('');
  const reset = useApiMutation(ResetPassword);

  const replacing = useReplacing(viewer);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    replacing.ask(set);
  };
  const set = async () => {
    const outcome = await reset.run({ token, newPassword: password, transport: 'COOKIE' });
    if (outcome.done) leaveTo('/');
    else if (outcome.problems.some(({ code }) => code === DEAD)) onDead();
  };

  return (
    <EntryCard title={t`Set a new password`} brand={{ accountName: preview.accountName, ...preview.accountBrand }}>
      <Text>
        <Trans>
          For <b>{preview.email}</b> in <b>{preview.accountName}</b>. You are signed in with it at once, and signed out everywhere
          else. Your API keys are revoked.
        </Trans>
      </Text>
      <SignedInNote viewer={viewer} />
      <form onSubmit={submit} noValidate>
        <Stack>
          <input type="hidden" autoComplete="username" value={preview.email} readOnly />
          <NewPasswordInput
            label={t`New password`}
            autoFocus
            value={password}
            onChange={setPassword}
            error={problemAt(reset.problems, 'newPassword')}
          />
          <Problems problems={problemsElsewhere(reset.problems, ['newPassword'])} />
          <Button type="submit" loading={reset.busy} fullWidth>
            <Trans>Set the password</Trans>
          </Button>
        </Stack>
      </form>
      {replacing.dialog}
    </EntryCard>
  );
}
