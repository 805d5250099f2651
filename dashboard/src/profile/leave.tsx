import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Button, Group } from '@mantine/core';
import { useState } from 'react';
import { useApiMutation } from '../api/use-api-mutation';
import { graphql } from '../gql';
import { useViewer } from '../session/session';
import { endingSession, leaveTo } from '../session/session-state';
import { Card } from '../ui/card';
import { ConfirmDialog } from '../ui/confirm-dialog';

const LeaveAccount = graphql(`
  mutation LeaveAccount($input: LeaveAccountInput!) {
    payload: leaveAccount(input: $input) { user { id } userErrors { ...ShownError } }
  }
`);

/** The way out of the account, for oneself. */
export function Leave() {
  const { account } = useViewer();
  const [isAsking, setIsAsking] = useState(false);
  return (
    <Card
      title={t`Leave the account`}
      description={t`Your access ends at once. To come back, you must be invited again.`}
      isDangerous
    >
      <Group>
        <Button variant="default" c="var(--mantine-color-error)" onClick={() => setIsAsking(true)}>
          <Trans>Leave {account.name} …</Trans>
        </Button>
      </Group>
      {isAsking && <LeaveDialog onClose={() => setIsAsking(false)} />}
    </Card>
  );
}

function LeaveDialog({ onClose }: { onClose: () => void }) {
  const { user, account } = useViewer();
  const leave = useApiMutation(LeaveAccount);
  const confirm = async (confirmEmail: string) => {
    const goesOn = endingSession();
    const outcome = await leave.run({ confirmEmail });
    if (outcome.done) leaveTo('/sign-in');
    else goesOn();
  };
  return (
    <ConfirmDialog
      title={t`Leave ${account.name}?`}
      verb={t`Leave the account`}
      isDangerous
      typed={{ label: t`Type your email address to confirm`, expected: user.email ?? '', field: 'confirmEmail', type: 'email' }}
      busy={leave.busy}
      problems={leave.problems}
      onConfirm={confirm}
      onClose={onClose}
    >
      <Trans>You are signed out everywhere, and your API keys stop working.</Trans>
    </ConfirmDialog>
  );
}
