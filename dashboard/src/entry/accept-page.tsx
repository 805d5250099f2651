import { i18n } from '@lingui/core';
import { msg, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Anchor, Button, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useQuery } from 'urql';
import { Link, useParams } from 'wouter';
import { problemOf } from '../api/problems';
import { problemAt, problemsElsewhere, useApiMutation } from '../api/use-api-mutation';
import { graphql } from '../gql';
import type { InvitationQuery } from '../gql/graphql';
import type { Viewer } from '../session/session';
import { leaveTo } from '../session/session-state';
import { Failed, Loading, Problems } from '../ui/states';
import { Ago } from '../ui/time';
import { rightsWithin, word } from '../ui/words';
import { deadLinkOf } from './dead-links';
import { EntryCard } from './entry-card';
import { NewPasswordInput } from './new-password-input';
import { SignedInNote, useReplacing, useSignedIn } from './signed-in-note';
import { tokenOf } from './tokens';
import { ProviderButtons } from './ways-in';

const Invitation = graphql(`
  query Invitation($token: String!) {
    invitation(token: $token) { accountName accountSlug accountBrand { logoUrl color textColor } email role authMethods { id kind label } expiresAt }
  }
`);

const Accept = graphql(`
  mutation Accept($input: AcceptInvitationInput!) {
    payload: acceptInvitation(input: $input) { viewer { user { id } } userErrors { ...ShownError } }
  }
`);

type Preview = NonNullable<InvitationQuery['invitation']>;

export default function AcceptPage() {
  const { slug, token: text } = useParams<{ slug: string; token: string }>();
  const token = tokenOf(text);
  const [{ data, error }, ask] = useQuery({ query: Invitation, variables: { token }, requestPolicy: 'network-only' });
  // What a form was refused for: the link may have died while it was filled in.
  const [died, setDied] = useState<string | null>(null);
  const signedIn = useSignedIn();
  const problem = error ? problemOf(error) : signedIn.problem;
  const dead = deadLinkOf(died ?? problem?.code);

  if (dead) {
    return (
      <EntryCard title={i18n._(dead.title)}>
        <Text role="alert">{i18n._(dead.next)}</Text>
        {dead.leadsToSignIn && (
          <Anchor component={Link} href={`/${slug}/sign-in`}>
            <Trans>Sign in</Trans>
          </Anchor>
        )}
      </EntryCard>
    );
  }
  if (problem) {
    return (
      <EntryCard title={t`Your invitation`}>
        <Failed problem={problem} onRetry={() => (error ? ask({ requestPolicy: 'network-only' }) : signedIn.ask())} />
      </EntryCard>
    );
  }
  if (!data?.invitation || !signedIn.isKnown) {
    return (
      <EntryCard title={t`Your invitation`}>
        <Loading text={msg`Loading the invitation …`} />
      </EntryCard>
    );
  }
  return <Form token={token} preview={data.invitation} viewer={signedIn.viewer} onDead={setDied} />;
}

interface Props {
  token: string;
  preview: Preview;
  /** Who is signed in in this browser. */
  viewer: Viewer | null;
  onDead: (code: string) => void;
}

function Form({ token, preview, viewer, onDead }: Props) {
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const accept = useApiMutation(Accept);
  const withPassword = preview.authMethods.some((method) => method.kind === 'PASSWORD');
  const ways = preview.authMethods.map(({ id, kind, label }) => ({
    id,
    label,
    url: kind === 'PASSWORD' ? null : `/sign-in/${encodeURIComponent(id)}?invitation=${encodeURIComponent(token)}`,
  }));

  const replacing = useReplacing(viewer);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    replacing.ask(join);
  };
  const join = async () => {
    const outcome = await accept.run({ token, password, name: name.trim() || null, transport: 'COOKIE' });
    if (outcome.done) leaveTo('/');
    else for (const { code } of outcome.problems) if (deadLinkOf(code)) onDead(code);
  };

  return (
    <EntryCard title={t`Join ${preview.accountName}`} brand={{ accountName: preview.accountName, ...preview.accountBrand }}>
      <Text>
        <Trans>
          You are invited as <b>{word(preview.role)}</b> ({rightsWithin(preview.role)}), with the address <b>{preview.email}</b>.
          The link expires <Ago at={preview.expiresAt} />.
        </Trans>
      </Text>
      <SignedInNote viewer={viewer} />
      {withPassword && (
        <form onSubmit={submit} noValidate>
          <Stack>
            <input type="hidden" autoComplete="username" value={preview.email} readOnly />
            <TextInput
              label={t`Your name`}
              description={t`Optional`}
              autoComplete="name"
              autoFocus
              value={name}
              onChange={(e) => setName(e.target.value)}
              error={problemAt(accept.problems, 'name')}
            />
            <NewPasswordInput value={password} onChange={setPassword} error={problemAt(accept.problems, 'password')} />
            <Problems problems={problemsElsewhere(accept.problems, ['name', 'password'])} />
            <Button type="submit" loading={accept.busy} fullWidth>
              <Trans>Accept the invitation</Trans>
            </Button>
          </Stack>
        </form>
      )}
      <ProviderButtons ways={ways} withPassword={withPassword} verb="accept" onGo={replacing.ask} />
      {replacing.dialog}
    </EntryCard>
  );
}
