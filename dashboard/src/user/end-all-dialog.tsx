import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useApiMutation } from '../api/use-api-mutation';
import { graphql } from '../gql';
import { notifyDone } from '../ui/notify';
import { Problems } from '../ui/states';
import { useFocusReturn } from '../ui/use-focus-return';

const EndSessions = graphql(`
  mutation EndSessions($input: EndSessionsInput!) {
    payload: endSessions(input: $input) { user { id } userErrors { ...ShownError } }
  }
`);

interface Props {
  userId: string;
  /** How many sessions end. */
  count: number;
  /** Whether the session that asks is one of the user's: it goes on. */
  isOwn: boolean;
  onEnded: () => void;
  onClose: () => void;
}

/** Asks before every session of a user is ended at once. */
export function EndAllDialog({ userId, count, isOwn, onEnded, onClose }: Props) {
  useFocusReturn();
  const end = useApiMutation(EndSessions);
  const confirm = async () => {
    const outcome = await end.run({ userId, keepCurrent: true });
    onEnded();
    if (!outcome.done) return;
    notifyDone(`${count} sessions are ended.`);
    onClose();
  };
  return (
    <Modal opened onClose={onClose} title={isOwn ? 'End all other sessions' : 'End all sessions'}>
      <Stack>
        <Text>
          {isOwn
            ? `You are signed out in ${count} other places at once. Here you stay signed in.`
            : `They are signed out in ${count} places at once, and may sign in again.`}
        </Text>
        <Problems problems={end.problems} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button color="red" loading={end.busy} onClick={confirm} data-autofocus>
            End {count} sessions
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
