import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Anchor, Button, PasswordInput, Stack, Text } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useClient, useQuery } from 'urql';
import { fetchOptions } from '../api/client';
import { type Problem, problemOf, problemsOf } from '../api/problems';
import { EntryCard } from '../entry/entry-card';
import { ProviderButtons } from '../entry/ways-in';
import { Problems } from '../ui/states';
import { discardUnsaved } from '../unsaved/unsaved';
import { actingForHeader } from './acting-for';
import { checkSession } from './check';
import { SignIn, SignInOptions } from './documents';
import { toSignIn } from './paths';
import { shownViewer } from './session';
import { leaveTo } from './session-state';

// Hidden dialogs do not get the Escape key from here.
const QUIET = { 'data-mantine-stop-propagation': 'true' };

interface Props {
  /** Who is signed in instead, and loses that session; null if no one is. */
  actingFor: string | null;
}

/** Signs in the person whom the page shows again: the page continues where it was, with what was typed. No other person sees it. */
export function SignAgain({ actingFor }: Props) {
  const viewer = shownViewer();
  const client = useClient();
  const account = viewer?.account.slug ?? null;
  const email = viewer?.user.email ?? '';
  const [{ data }] = useQuery({ query: SignInOptions, variables: { account } });
  const [password, setPassword] = useState('');
  const [problems, setProblems] = useState<Problem[]>([]);
  const [busy, setBusy] = useState(false);
  const options = data?.signInOptions ?? [];
  // What is not known yet is most probably a password.
  const withPassword = data === undefined || options.some((option) => option.kind === 'PASSWORD');

  const goOn = async () => {
    setBusy(true);
    setProblems(
      (await checkSession(client)) ? [] : [{ code: 'UNAUTHENTICATED', text: t`You are not signed in yet.`, field: null }],
    );
    setBusy(false);
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    const input = { account, email, password, transport: 'COOKIE' as const };
    const context = { fetchOptions: () => fetchOptions(actingForHeader(actingFor ?? undefined)) };
    const answer = await client.mutation(SignIn, { input }, context).toPromise();
    const refused = answer.error ? [problemOf(answer.error)] : problemsOf(answer.data?.payload.userErrors ?? []);
    setProblems(refused);
    setBusy(false);
    if (refused.length === 0) await goOn();
  };
  const leave = () => {
    discardUnsaved();
    leaveTo(toSignIn(location.pathname + location.search));
  };

  return (
    <EntryCard title={t`Sign in again`}>
      <Text role="status">
        <Trans>
          The session of <b>{email}</b> in{' '}
          <b>
            <bdi>{viewer?.account.name}</bdi>
          </b>{' '}
          is over. What you typed is kept: sign in, and go on where you were.
        </Trans>
      </Text>
      {withPassword && (
        <form onSubmit={submit} noValidate>
          <Stack>
            <input type="hidden" autoComplete="username" value={email} readOnly />
            <PasswordInput
              {...QUIET}
              label={t`Password`}
              autoComplete="current-password"
              visibilityToggleButtonProps={{ 'aria-label': t`Show the password` }}
              autoFocus
              value={password}
              onChange={(event) => setPassword(event.target.value)}
            />
            <Button {...QUIET} type="submit" loading={busy} fullWidth>
              <Trans>Sign in again</Trans>
            </Button>
          </Stack>
        </form>
      )}
      <Problems problems={problems} />
      {/* In another tab: what was typed stays in this one. */}
      <ProviderButtons ways={options} withPassword={withPassword} verb="sign-in" target="_blank" />
      {options.some((option) => option.url) && (
        <Button {...QUIET} variant="subtle" onClick={goOn} fullWidth>
          <Trans>I have signed in</Trans>
        </Button>
      )}
      <Anchor {...QUIET} component="button" type="button" size="sm" onClick={leave}>
        <Trans>Sign in as another person and discard what was typed</Trans>
      </Anchor>
    </EntryCard>
  );
}
