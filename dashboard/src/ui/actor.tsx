import { graphql } from '../gql';
import type { ShownActorFragment } from '../gql/graphql';
import { Person } from './person';

/** What is shown of who did, or tried, something. */
export const ShownActor = graphql(`
  fragment ShownActor on Actor { kind serviceKeyName user { id email } }
`);

const WITHOUT_USER: Record<ShownActorFragment['kind'], string> = {
  USER: 'a user',
  API_KEY: 'an API key',
  SERVICE_KEY: 'a service key',
  VISITOR: 'a visitor',
  OPERATOR: 'an operator',
  SYSTEM: 'Roster',
};

interface Props {
  actor: ShownActorFragment;
  /** Whether a sentence begins with it. */
  isFirst?: boolean;
}

/** Who did, or tried, something, within a sentence. */
export function Actor({ actor: { kind, serviceKeyName, user }, isFirst = false }: Props) {
  const otherwise = WITHOUT_USER[kind] ?? kind;
  return (
    <>
      <Person user={user} otherwise={isFirst ? otherwise.charAt(0).toUpperCase() + otherwise.slice(1) : otherwise} />
      {serviceKeyName && (
        <>
          {' '}
          <bdi>{serviceKeyName}</bdi>
        </>
      )}
      {kind === 'API_KEY' && user && ' with an API key'}
    </>
  );
}
