import { msg, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Anchor, Button, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useQuery } from 'urql';
import { Link, useParams } from 'wouter';
import { problemOf } from '../api/problems';
import { problemAt, problemsElsewhere, useApiMutation } from '../api/use-api-mutation';
import { graphql } from '../gql';
import type { Viewer } from '../session/session';
import { leaveTo } from '../session/session-state';
import { Failed, Loading, Problems } from '../ui/states';
import { EntryCard } from './entry-card';
import { NewPasswordInput } from './new-password-input';
import { SignedInNote, useReplacing, useSignedIn } from './signed-in-note';
import { slugOf } from './slugs';
import { tokenOf } from './tokens';

const OpensFirstAccount = graphql(`
  query OpensFirstAccount($token: String!) {
    opensFirstAccount(token: $token)
  }
`);

const OpenAccount = graphql(`
  mutation OpenAccount($input: OpenAccountInput!) {
    payload: openAccount(input: $input) { viewer { user { id } } userErrors { ...ShownError } }
  }
`);

const FIELDS = ['name', 'slug', 'email', 'password'];

export default function WelcomePage() {
  const { token: text } = useParams<{ token: string }>();
  const token = tokenOf(text);
  const [{ data, error }, ask] = useQuery({ query: OpensFirstAccount, variables: { token }, requestPolicy: 'network-only' });
  const signedIn = useSignedIn();
  const problem = error ? problemOf(error) : signedIn.problem;
  if (data?.opensFirstAccount && signedIn.isKnown) return <Form token={token} viewer={signedIn.viewer} />;
  if (data?.opensFirstAccount === false) {
    return (
      <EntryCard title={t`This link does not work any more`}>
        <Text role="alert">
          <Trans>
            It was used, is older than 24 hours, or was not copied completely. While there is no account,{' '}
            <code>roster account welcome</code> prints a new link.
          </Trans>
        </Text>
        <Anchor component={Link} href="/sign-in">
          <Trans>Sign in</Trans>
        </Anchor>
      </EntryCard>
    );
  }
  return (
    <EntryCard title={t`Welcome`}>
      {problem ? (
        <Failed problem={problem} onRetry={() => (error ? ask({ requestPolicy: 'network-only' }) : signedIn.ask())} />
      ) : (
        <Loading text={msg`Loading the link …`} />
      )}
    </EntryCard>
  );
}

function Form({ token, viewer }: { token: string; viewer: Viewer | null }) {
  const [name, setName] = useState('');
  const [typedSlug, setTypedSlug] = useState<string | null>(null);
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const open = useApiMutation(OpenAccount);
  const slug = typedSlug ?? slugOf(name);

  const replacing = useReplacing(viewer);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    replacing.ask(openAccount);
  };
  const openAccount = async () => {
    const outcome = await open.run({ token, name, slug, email, password, transport: 'COOKIE' });
    if (outcome.done) leaveTo('/');
  };

  return (
    <EntryCard title={t`Welcome`}>
      <Text>
        <Trans>Open your account, and become its first admin.</Trans>
      </Text>
      <SignedInNote viewer={viewer} />
      <form onSubmit={submit} noValidate>
        <Stack>
          <TextInput
            label={t`Name of the account`}
            description={t`Such as the name of your company`}
            autoFocus
            value={name}
            onChange={(e) => setName(e.target.value)}
            error={problemAt(open.problems, 'name')}
          />
          <TextInput
            label={t`Short name`}
            description={t`Part of every link; it stays as it is`}
            value={slug}
            onChange={(e) => setTypedSlug(e.target.value)}
            error={problemAt(open.problems, 'slug')}
          />
          <TextInput
            label={t`Your email`}
            type="email"
            autoComplete="username"
            value={email}
            onChange={(e) => setEmail(e.target.value)}
            error={problemAt(open.problems, 'email')}
          />
          <NewPasswordInput value={password} onChange={setPassword} error={problemAt(open.problems, 'password')} />
          <Problems problems={problemsElsewhere(open.problems, FIELDS)} />
          <Button type="submit" loading={open.busy} fullWidth>
            <Trans>Open the account</Trans>
          </Button>
        </Stack>
      </form>
      {replacing.dialog}
    </EntryCard>
  );
}
