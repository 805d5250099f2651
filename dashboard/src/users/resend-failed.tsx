import { plural } from '@lingui/core/macro';
import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useQuery } from 'urql';
import { problemOf } from '../api/problems';
import type { BulkAction } from '../bulk/actions';
import { graphql } from '../gql';
import type { UserFilter } from '../gql/graphql';
import { lazyPart } from '../ui/lazy-part';
import { Failed } from '../ui/states';

const FailedInvitations = graphql(`
  query FailedInvitations {
    users(first: 1, filter: { delivery: [FAILED] }) {
      totalCount
      nodes { id viewerCan { resendInvitation { allowed } } }
    }
  }
`);

const BulkDialog = lazyPart(() => import('../bulk/bulk-dialog'), { onFailed: ({ onClose }) => onClose() });

const ACTION: BulkAction = { kind: 'resend', isFailed: true };
const FILTER: UserFilter = { delivery: ['FAILED'] };
const CONTEXT = { additionalTypenames: ['User'] };

interface Props {
  /** What is shown of the users: whenever it changes, the number is asked for again. */
  seen: unknown;
  onResent: () => void;
}

/** Offers to send all failed invitations of the account again, whatever else is filtered. Nothing where there are none. */
export function ResendFailed({ seen, onResent }: Props) {
  const [{ data, error }, ask] = useQuery({ query: FailedInvitations, context: CONTEXT, requestPolicy: 'cache-and-network' });
  const [isOpen, setIsOpen] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is seen is the reason to ask
  useEffect(() => ask({ requestPolicy: 'network-only' }), [seen, ask]);

  const refresh = () => ask({ requestPolicy: 'network-only' });
  const close = () => {
    setIsOpen(false);
    refresh();
    onResent();
  };
  const count = data?.users?.totalCount ?? 0;
  const isAllowed = data?.users?.nodes.some((user) => user.viewerCan?.resendInvitation.allowed) ?? false;
  if (error && !data) return <Failed problem={problemOf(error)} onRetry={refresh} />;
  return (
    <>
      {count > 0 && isAllowed && (
        <Button size="compact-sm" variant="default" onClick={() => setIsOpen(true)}>
          {plural(count, {
            one: 'Resend 1 failed invitation …',
            other: 'Resend all # failed invitations …',
          })}
        </Button>
      )}
      {isOpen && (
        // The number may change before the dialog asks: it counts again itself.
        <BulkDialog
          action={ACTION}
          selected={{ filter: FILTER, count, isExact: false }}
          count={count}
          onChanged={onResent}
          onDone={close}
          onClose={close}
        />
      )}
    </>
  );
}
