// Shown instead of a page whose session is over, or in whose browser another person is signed in.

import { msg, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Button, Stack, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useQuery } from 'urql';
import { fetchOptions } from '../api/client';
import { problemOf } from '../api/problems';
import { ASKS_WHO } from '../api/session-exchange';
import { EntryCard } from '../entry/entry-card';
import classes from '../entry/entry-card.module.css';
import type { WhoIsSignedInQuery } from '../gql/graphql';
import { Failed, Loading } from '../ui/states';
import { Who } from '../ui/who';
import { discardUnsaved } from '../unsaved/unsaved';
import { WhoIsSignedIn } from './documents';
import { shownViewer } from './session';
import { leaveTo, type SessionState } from './session-state';
import { SignAgain } from './sign-again';

// Names may be longer than a button is wide.
const WRAPPED = { root: classes.tall ?? '', label: classes.wrapped ?? '' };
// The page acts for no one with this: it only asks who is signed in.
const FOR_NO_ONE = { ...ASKS_WHO, fetchOptions: () => fetchOptions({}) };

export default function SessionLost({ state }: { state: Exclude<SessionState, 'on'> }) {
  useTitleOfPage();
  return state === 'over' ? <SignAgain actingFor={null} /> : <AnotherPerson />;
}

/** The page keeps its title for when it is shown again. */
function useTitleOfPage(): void {
  const [title] = useState(() => document.title);
  useEffect(
    () => () => {
      document.title = title;
    },
    [title],
  );
}

function AnotherPerson() {
  const [{ data, error, fetching }, ask] = useQuery({
    query: WhoIsSignedIn,
    context: FOR_NO_ONE,
  });
  const [signsIn, setSignsIn] = useState(false);
  const who = data?.viewer;
  if (signsIn) return <SignAgain actingFor={who?.actingFor ?? null} />;
  if (who) return <WhoElse who={who} onSignIn={() => setSignsIn(true)} />;
  if (data && !fetching && shownViewer()) return <SignAgain actingFor={null} />;
  return (
    <EntryCard title={t`Another person is signed in now`}>
      {error && <Failed problem={problemOf(error)} onRetry={() => ask(FOR_NO_ONE)} />}
      {!error && fetching && <Loading text={msg`Loading who is signed in …`} />}
      {!error && !fetching && (
        <Button onClick={() => location.reload()} fullWidth>
          <Trans>Load the page again</Trans>
        </Button>
      )}
    </EntryCard>
  );
}

interface Props {
  who: NonNullable<WhoIsSignedInQuery['viewer']>;
  onSignIn: () => void;
}

function WhoElse({ who, onSignIn }: Props) {
  const shown = shownViewer();
  const name = who.user.name ?? who.user.email;
  const leave = () => {
    discardUnsaved();
    leaveTo('/');
  };
  return (
    <EntryCard title={t`Another person is signed in now`}>
      <Stack role="alert" gap="xs">
        <Text>
          <Trans>
            In this browser <Who user={who.user} /> is signed in now, in{' '}
            <b>
              <bdi>{who.account.name}</bdi>
            </b>
            .
          </Trans>
        </Text>
        {shown && (
          <Text>
            <Trans>
              This page is of <b>{shown.user.email}</b> in{' '}
              <b>
                <bdi>{shown.account.name}</bdi>
              </b>
              . It acts only for that person.
            </Trans>
          </Text>
        )}
      </Stack>
      <Button onClick={leave} fullWidth classNames={WRAPPED}>
        <span>
          <Trans>
            Continue as <bdi>{name}</bdi> in <bdi>{who.account.name}</bdi>
          </Trans>
        </span>
      </Button>
      {shown && (
        <Button variant="default" onClick={onSignIn} fullWidth classNames={WRAPPED}>
          <Trans>Sign in as {shown.user.email} again</Trans>
        </Button>
      )}
      {!shown && (
        <Button variant="default" onClick={() => location.reload()} fullWidth>
          <Trans>Load this page again</Trans>
        </Button>
      )}
    </EntryCard>
  );
}
