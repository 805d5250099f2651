import { Button, Group, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { useDeed } from '../api/use-deed';
import { graphql } from '../gql';
import { useViewer } from '../session/session';
import { ConfirmDialog } from '../users/confirm-dialog';

const LeaveAccount = graphql(`
  mutation LeaveAccount($input: LeaveAccountInput!) {
    payload: leaveAccount(input: $input) { user { id } userErrors { code message field } }
  }
`);

/** The way out of the account, for oneself. */
export function Leave() {
  const { user, account } = useViewer();
  const [isAsking, setIsAsking] = useState(false);
  const leave = useDeed(LeaveAccount);
  const confirm = async (confirmEmail: string) => {
    const outcome = await leave.run({ confirmEmail });
    if (outcome.done) location.assign('/sign-in');
  };
  return (
    <section>
      <Title order={2} size="h3">
        Leave the account
      </Title>
      <Text c="dimmed">Your access ends at once. To come back, you must be invited again.</Text>
      <Group mt="sm">
        <Button variant="default" onClick={() => setIsAsking(true)}>
          Leave {account.name} …
        </Button>
      </Group>
      {isAsking && (
        <ConfirmDialog
          title={`Leave ${account.name}`}
          email={user.email ?? ''}
          color="red"
          busy={leave.busy}
          problems={leave.problems}
          onConfirm={confirm}
          onClose={() => setIsAsking(false)}
        >
          You are signed out everywhere, and your API keys stop working.
        </ConfirmDialog>
      )}
    </section>
  );
}
