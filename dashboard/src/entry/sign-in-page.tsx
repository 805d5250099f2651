import { msg, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Anchor, Button, PasswordInput, Stack, Text } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useQuery } from 'urql';
import { Link, useParams } from 'wouter';
import { problemOf } from '../api/problems';
import { problemAt, problemsElsewhere, useApiMutation } from '../api/use-api-mutation';
import { graphql } from '../gql';
import { SignIn, SignInOptions } from '../session/documents';
import { nextPath } from '../session/paths';
import { leaveTo } from '../session/session-state';
import { Failed, Loading, Problems } from '../ui/states';
import { EntryCard } from './entry-card';
import { SignedInNote, useSignedIn } from './signed-in-note';
import { ProviderButtons } from './ways-in';
import { WhoFields } from './who-fields';

/** What an account shows to everyone: nothing unless an admin has allowed it. */
const SignInPageOf = graphql(`
  query SignInPageOf($account: String!) {
    signInPage(account: $account) { accountName accountBrand { logoUrl color textColor } }
  }
`);

export default function SignInPage() {
  const { slug } = useParams<{ slug?: string }>();
  const [{ data, error, fetching }, ask] = useQuery({ query: SignInOptions, variables: { account: slug ?? null } });
  const [shown] = useQuery({ query: SignInPageOf, variables: { account: slug ?? '' }, pause: !slug });
  const page = shown.data?.signInPage;
  const account = page?.accountName ?? slug;
  const { viewer } = useSignedIn();
  const options = data?.signInOptions ?? [];
  const withPassword = options.some((option) => option.kind === 'PASSWORD');

  return (
    <EntryCard title={t`Sign in`} brand={page && { accountName: page.accountName, ...page.accountBrand }}>
      {slug && (
        <Text c="dimmed">
          <Trans>
            to <bdi>{account}</bdi>
          </Trans>
        </Text>
      )}
      <SignedInNote viewer={viewer}>
        <Anchor href={nextPath(location.search, location.origin)} size="sm">
          <Trans>
            Go on as <bdi>{viewer?.user.name ?? viewer?.user.email}</bdi>
          </Trans>
        </Anchor>
      </SignedInNote>
      {error && <Failed problem={problemOf(error)} onRetry={() => ask({ requestPolicy: 'network-only' })} />}
      {fetching && !data && <Loading text={msg`Loading the ways to sign in …`} />}
      {withPassword && <PasswordForm slug={slug} />}
      <ProviderButtons ways={options} withPassword={withPassword} verb="sign-in" />
    </EntryCard>
  );
}

function PasswordForm({ slug }: { slug: string | undefined }) {
  const [account, setAccount] = useState('');
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const signIn = useApiMutation(SignIn);
  // Which account it is must be said only where there are several, and the link does not say it.
  const [asksAccount, setAsksAccount] = useState(false);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const outcome = await signIn.run({ account: slug ?? (account || null), email, password, transport: 'COOKIE' });
    if (outcome.done) leaveTo(nextPath(location.search, location.origin));
    else if (outcome.problems.some((problem) => problem.code === 'ACCOUNT_REQUIRED')) setAsksAccount(true);
  };
  const shown = slug ?? account;

  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <WhoFields
          account={asksAccount ? account : null}
          onAccount={setAccount}
          email={email}
          onEmail={setEmail}
          emailError={problemAt(signIn.problems, 'email')}
        />
        <PasswordInput
          label={t`Password`}
          autoComplete="current-password"
          visibilityToggleButtonProps={{ 'aria-label': t`Show the password` }}
          value={password}
          onChange={(e) => setPassword(e.target.value)}
          error={problemAt(signIn.problems, 'password')}
        />
        <Problems problems={problemsElsewhere(signIn.problems, ['email', 'password'])} />
        <Button type="submit" loading={signIn.busy} fullWidth>
          <Trans>Sign in</Trans>
        </Button>
        <Anchor component={Link} href={shown ? `/${shown}/forgot-password` : '/forgot-password'} size="sm">
          <Trans>Forgotten your password?</Trans>
        </Anchor>
      </Stack>
    </form>
  );
}
