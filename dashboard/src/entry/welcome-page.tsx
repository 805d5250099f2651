import { Anchor, Button, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useQuery } from 'urql';
import { Link, useParams } from 'wouter';
import { problemOf } from '../api/problems';
import { problemAt, problemsElsewhere, useDeed } from '../api/use-deed';
import { graphql } from '../gql';
import { Failed, Loading, Problems } from '../ui/states';
import { EntryCard } from './entry-card';
import { NewPasswordInput } from './new-password-input';
import { slugOf } from './slugs';

const OpensFirstAccount = graphql(`
  query OpensFirstAccount($token: String!) {
    opensFirstAccount(token: $token)
  }
`);

const OpenAccount = graphql(`
  mutation OpenAccount($input: OpenAccountInput!) {
    payload: openAccount(input: $input) { viewer { user { id } } userErrors { code message field } }
  }
`);

const FIELDS = ['name', 'slug', 'email', 'password'];

export default function WelcomePage() {
  const { token } = useParams<{ token: string }>();
  const [{ data, error }, ask] = useQuery({ query: OpensFirstAccount, variables: { token }, requestPolicy: 'network-only' });
  if (data?.opensFirstAccount) return <Form token={token} />;
  if (data?.opensFirstAccount === false) {
    return (
      <EntryCard title="This link does not work any more">
        <Text role="alert">
          It was used, or is older than 24 hours. While there is no account, the server prints a new link when it starts.
        </Text>
        <Anchor component={Link} href="/sign-in">
          Sign in
        </Anchor>
      </EntryCard>
    );
  }
  return (
    <EntryCard title="Welcome">
      {error ? (
        <Failed problem={problemOf(error)} onRetry={() => ask({ requestPolicy: 'network-only' })} />
      ) : (
        <Loading what="the link" />
      )}
    </EntryCard>
  );
}

function Form({ token }: { token: string }) {
  const [name, setName] = useState('');
  const [typedSlug, setTypedSlug] = useState<string | null>(null);
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const open = useDeed(OpenAccount);
  const slug = typedSlug ?? slugOf(name);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const outcome = await open.run({ token, name, slug, email, password, transport: 'COOKIE' });
    if (outcome.done) location.assign('/');
  };

  return (
    <EntryCard title="Welcome">
      <Text>Open your account, and become its first admin.</Text>
      <form onSubmit={submit} noValidate>
        <Stack>
          <TextInput
            label="Name of the account"
            description="Such as the name of your company"
            autoFocus
            value={name}
            onChange={(e) => setName(e.target.value)}
            error={problemAt(open.problems, 'name')}
          />
          <TextInput
            label="Short name"
            description="Part of every link; it stays as it is"
            value={slug}
            onChange={(e) => setTypedSlug(e.target.value)}
            error={problemAt(open.problems, 'slug')}
          />
          <TextInput
            label="Your email"
            type="email"
            autoComplete="username"
            value={email}
            onChange={(e) => setEmail(e.target.value)}
            error={problemAt(open.problems, 'email')}
          />
          <NewPasswordInput value={password} onChange={setPassword} error={problemAt(open.problems, 'password')} />
          <Problems problems={problemsElsewhere(open.problems, FIELDS)} />
          <Button type="submit" loading={open.busy} fullWidth>
            Open the account
          </Button>
        </Stack>
      </form>
    </EntryCard>
  );
}
