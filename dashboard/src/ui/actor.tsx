import { i18n, type MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { graphql } from '../gql';
import type { ShownActorFragment } from '../gql/graphql';
import { Person } from './person';

/** What is shown of who did, or tried, something. */
export const ShownActor = graphql(`
  fragment ShownActor on Actor { kind serviceKeyName user { id email } }
`);

const WITHOUT_USER: Record<ShownActorFragment['kind'], MessageDescriptor> = {
  USER: msg`a user`,
  API_KEY: msg`an API key`,
  SERVICE_KEY: msg`a service key`,
  VISITOR: msg`a visitor`,
  OPERATOR: msg`an operator`,
  SYSTEM: msg`Roster`,
};
// At the start of a sentence.
const FIRST: Record<ShownActorFragment['kind'], MessageDescriptor> = {
  USER: msg`A user`,
  API_KEY: msg`An API key`,
  SERVICE_KEY: msg`A service key`,
  VISITOR: msg`A visitor`,
  OPERATOR: msg`An operator`,
  SYSTEM: msg`Roster`,
};

interface Props {
  actor: ShownActorFragment;
  /** Whether a sentence begins with it. */
  isFirst?: boolean;
}

/** Who did, or tried, something, within a sentence. */
export function Actor({ actor: { kind, serviceKeyName, user }, isFirst = false }: Props) {
  const known = (isFirst ? FIRST : WITHOUT_USER)[kind];
  const person = <Person user={user} otherwise={known ? i18n._(known) : kind} />;
  if (kind === 'API_KEY' && user) return <Trans>{person} with an API key</Trans>;
  if (!serviceKeyName) return person;
  return (
    <Trans>
      {person} <bdi>{serviceKeyName}</bdi>
    </Trans>
  );
}
