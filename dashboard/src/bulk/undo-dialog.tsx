import { msg, plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useClient } from 'urql';
import type { UndoTarget } from '../gql/graphql';
import { notifyDone } from '../ui/notify';
import { Loading, Problems } from '../ui/states';
import { useFocusReturn } from '../ui/use-focus-return';
import type { Answer } from './answer';
import { comingBack, type UndoneEvent } from './coming-back';
import { Refusals } from './refusals';
import { withOutcome } from './run';
import { undo } from './undo';

/** How many changes are told one by one. */
const TOLD = 8;

interface Props {
  target: UndoTarget;
  /** The events that are undone, as far as they are known. */
  events: readonly UndoneEvent[];
  onClose: () => void;
}

/** Says what comes back and for whom it cannot, then undoes it, and says what could not be undone. */
export default function UndoDialog({ target, events, onClose }: Props) {
  useFocusReturn();
  const client = useClient();
  const [seen, setSeen] = useState<Answer | null>(null);
  const [done, setDone] = useState<Answer | null>(null);
  const [busy, setBusy] = useState(false);
  const [tries, setTries] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what the dialog was opened for; another try asks again
  useEffect(() => {
    undo(client, target, true).then(setSeen);
  }, [tries]);

  const fine = withOutcome(seen?.rows ?? [], 'CHANGED').length;
  const run = async () => {
    setBusy(true);
    const answer = await undo(client, target, false);
    setBusy(false);
    const changed = withOutcome(answer.rows, 'CHANGED').length;
    if (answer.problems.length > 0 || withOutcome(answer.rows, 'REFUSED').length > 0) return setDone(answer);
    notifyDone(plural(changed, { one: '# user is as before.', other: '# users are as before.' }));
    onClose();
  };
  const shown = done ?? seen;
  const isOver = done !== null && done.problems.length === 0;

  return (
    <Modal opened onClose={onClose} title={'eventId' in target ? t`Undo this change?` : t`Undo all of these changes?`} size="lg">
      <Stack>
        {!shown && <Loading text={msg`Loading what would come back …`} />}
        {isOver && <Text role="status">{isBackText(withOutcome(done.rows, 'CHANGED').length)}</Text>}
        {!isOver && seen && seen.problems.length === 0 && <Preview events={events} count={fine} />}
        {shown && <Refusals rows={shown.rows} />}
        <Problems problems={shown?.problems ?? []} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose} {...(fine === 0 || isOver ? { 'data-autofocus': true } : {})}>
            {isOver ? t`Done` : t`Cancel`}
          </Button>
          {seen && seen.problems.length > 0 && (
            <Button onClick={() => setTries(tries + 1)}>
              <Trans>Try again</Trans>
            </Button>
          )}
          {!isOver && fine > 0 && (
            <Button onClick={run} loading={busy} data-autofocus>
              {plural(fine, { one: 'Undo for # user', other: 'Undo for # users' })}
            </Button>
          )}
        </Group>
      </Stack>
    </Modal>
  );
}

function Preview({ events, count }: { events: readonly UndoneEvent[]; count: number }) {
  if (count === 0)
    return (
      <Text>
        <Trans>There is nothing to undo.</Trans>
      </Text>
    );
  const changes = events.flatMap(comingBack);
  const others = changes.length - TOLD;
  return (
    <Stack gap="xs">
      <Text>
        {plural(count, {
          one: '# user gets back what was before:',
          other: '# users get back what was before:',
        })}
      </Text>
      <ul>
        {changes.slice(0, TOLD).map(({ id, who, what }) => (
          <li key={id}>
            <bdi>{who}</bdi>: <bdi>{what}</bdi>
          </li>
        ))}
        {others > 0 && <li>{plural(others, { one: '# more change', other: '# more changes' })}</li>}
      </ul>
      <Text c="dimmed" size="sm">
        <Trans>Sessions, passwords and API keys that ended do not come back.</Trans>
      </Text>
    </Stack>
  );
}

function isBackText(count: number): string {
  if (count === 0) return t`Nothing was changed back.`;
  return plural(count, { one: '# user is as before.', other: '# users are as before.' });
}
