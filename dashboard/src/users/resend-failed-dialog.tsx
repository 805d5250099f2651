import { plural, t } from '@lingui/core/macro';
import { Plural, Trans } from '@lingui/react/macro';
import { Button, Group, Modal, Progress, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { explain } from '../api/problems';
import { useApiMutation, useIdempotencyKey } from '../api/use-api-mutation';
import { number } from '../ui/formats';
import { notifyDone } from '../ui/notify';
import { Problems } from '../ui/states';
import { useFocusReturn } from '../ui/use-focus-return';
import { ResendFailedInvitations } from './mutations';
import { NOTHING_RESENT, type ResendPart, type ResendProgress, resendAll } from './resend-all';

interface Props {
  /** How many have failed. */
  count: number;
  /** Asked for when the number has changed meanwhile. */
  onStale: () => void;
  onClose: () => void;
}

/** Asks before all failed invitations are sent again, shows how far it has come, and whose are not sent. */
export default function ResendFailedDialog({ count, onStale, onClose }: Props) {
  useFocusReturn();
  const mutation = useApiMutation(ResendFailedInvitations);
  const keyOf = useIdempotencyKey();
  const [total, setTotal] = useState<number | null>(null);
  const [progress, setProgress] = useState<ResendProgress>(NOTHING_RESENT);
  const [busy, setBusy] = useState(false);

  const send = async (part: ResendPart) => {
    const outcome = await mutation.run({ ...part, idempotencyKey: keyOf(part) });
    if (outcome.done) return outcome.payload;
    if (outcome.problems.some((problem) => problem.code === 'COUNT_CHANGED')) onStale();
    return null;
  };
  const confirm = async () => {
    const of = progress.after === null ? count : (total ?? count);
    setTotal(of);
    setBusy(true);
    const reached = await resendAll(of, progress, send, setProgress);
    setBusy(false);
    if (!reached.isDone || reached.refused.length > 0) return;
    notifyDone(
      plural(reached.resent, {
        one: '# invitation is sent again. The old links have stopped working.',
        other: '# invitations are sent again. The old links have stopped working.',
      }),
    );
    onClose();
  };

  if (progress.isDone && progress.refused.length > 0) return <Result progress={progress} onClose={onClose} />;
  return (
    <Modal opened onClose={onClose} title={t`Resend failed invitations`}>
      <Stack>
        <Text>
          {plural(count, {
            one: '# invitation could not be delivered. Each person gets a new link, which works as long as a new invitation; the old links stop working. If the mail server was the reason, make sure first that it is repaired.',
            other:
              '# invitations could not be delivered. Each person gets a new link, which works as long as a new invitation; the old links stop working. If the mail server was the reason, make sure first that it is repaired.',
          })}
        </Text>
        {busy && <Progress value={(100 * progress.resent) / Math.max(total ?? count, 1)} aria-label={t`Sent again so far`} />}
        <Problems problems={mutation.problems} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            <Trans>Cancel</Trans>
          </Button>
          <Button loading={busy} disabled={count === 0 && progress.after === null} onClick={confirm} data-autofocus>
            {progress.after === null ? plural(count, { one: 'Resend # invitation', other: 'Resend # invitations' }) : t`Go on`}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function Result({ progress, onClose }: { progress: ResendProgress; onClose: () => void }) {
  const refused = number(progress.refused.length);
  return (
    <Modal opened onClose={onClose} title={t`Resend failed invitations`}>
      <Stack>
        <Text role="status">
          <Trans>
            <Plural value={progress.resent} one="# invitation is" other="# invitations are" /> sent again, {refused} not:
          </Trans>
        </Text>
        <ul>
          {progress.refused.map(({ userId, user, userErrors }) => (
            <li key={userId}>
              {user?.email}: {explain(userErrors[0]?.code, userErrors[0]?.message)}
            </li>
          ))}
        </ul>
        <Group justify="flex-end">
          <Button onClick={onClose} data-autofocus>
            <Trans>Close</Trans>
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
