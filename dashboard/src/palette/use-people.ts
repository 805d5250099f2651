import { t } from '@lingui/core/macro';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from 'urql';
import { useLocation } from 'wouter';
import { graphql } from '../gql';
import { word } from '../ui/words';
import type { User } from '../users/queries';
import type { Entry } from './entries';

const TYPING_MILLISECONDS = 150;

const FindPeople = graphql(`
  query FindPeople($search: String!) { users(first: 8, filter: { search: $search }) { nodes { ...UserRow } } }
`);

interface Options {
  typed: string;
  /** Whether people are searched at all. */
  isOn: boolean;
  onClose: () => void;
  onMore: (user: User) => void;
}

/** The people whose name or address holds what is typed. */
export function usePeople({ typed, isOn, onClose, onMore }: Options): { entries: Entry[]; isSearching: boolean } {
  const [, go] = useLocation();
  const text = typed.trim();
  const [search] = useDebouncedValue(text, TYPING_MILLISECONDS);
  const [{ data, fetching }] = useQuery({ query: FindPeople, variables: { search }, pause: !isOn || search === '' });
  const isSearching = isOn && text !== '' && (fetching || search !== text);
  const users = isOn && text !== '' ? (data?.users?.nodes ?? []) : [];
  const entries = users.map((user) => ({
    id: user.id,
    group: t`People`,
    label: user.name ?? user.email ?? t`Erased`,
    detail: [user.name ? user.email : null, word(user.role), word(user.status)].filter(Boolean).join(' · '),
    run: () => {
      onClose();
      go(`/users/${user.userId}`);
    },
    onMore: () => onMore(user),
  }));
  return { entries, isSearching };
}
