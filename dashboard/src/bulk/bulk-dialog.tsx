import { msg, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Progress as Bar, Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useEffect, useState } from 'react';
import { number } from '../ui/formats';
import { notifyDone } from '../ui/notify';
import { Loading, Problems } from '../ui/states';
import { useFocusReturn } from '../ui/use-focus-return';
import { type BulkAction, doneText, effectOf, isUndoable, titleOf, unchangedText, verbOf } from './actions';
import type { BulkRow } from './answer';
import { Refusals } from './refusals';
import { atFirst, goOn, operationsOf, type Progress, withOutcome } from './run';
import { type Selected, useBulk } from './use-bulk';
import { useUndo } from './use-undo';

/** How many are changed in one request: few enough to see how far it has come. */
const PART = 250;

interface Props {
  action: BulkAction;
  selected: Selected;
  count: number;
  /** Called when something was changed. */
  onChanged: () => void;
  onDone: () => void;
  onClose: () => void;
}

/** Says what would come of it and who is refused, then does it with progress, and says what came of it. */
export default function BulkDialog({ action, selected, count, onChanged, onDone, onClose }: Props) {
  useFocusReturn();
  const bulk = useBulk();
  const undoEach = useUndo();
  const [seen, setSeen] = useState<readonly BulkRow[] | null>(null);
  const [tries, setTries] = useState(0);
  const [progress, setProgress] = useState<Progress<BulkRow> | null>(null);
  const [busy, setBusy] = useState(false);
  const [typed, setTyped] = useState('');
  const fine = withOutcome(seen ?? [], 'CHANGED');
  const isTyped = action.kind !== 'delete' || typed.replace(/\D/g, '') === String(fine.length);

  // What is selected when the dialog opens is what it is about.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another try asks again
  useEffect(() => {
    bulk.look(action, selected).then(setSeen);
  }, [tries]);

  const undo = async (operations: readonly string[]) => {
    await undoEach(
      operations.map((operationId) => ({ operationId })),
      'It is as before.',
    );
    onChanged();
  };
  const run = async (event: FormEvent) => {
    event.preventDefault();
    if (!isTyped) return;
    setBusy(true);
    const start = progress ?? atFirst<BulkRow>(fine.map(({ id }) => id));
    const end = await goOn(
      start,
      PART,
      (ids) => bulk.change(action, ids),
      (next) => {
        setProgress(next);
      },
    );
    onChanged();
    setBusy(false);
    setProgress(end);
    if (end.left.length > 0) return;
    const operations = operationsOf(end.rows);
    notifyDone(
      doneText(action, withOutcome(end.rows, 'CHANGED').length),
      isUndoable(action) && operations.length > 0 ? { label: t`Undo`, run: () => undo(operations) } : null,
    );
    if (withOutcome(end.rows, 'REFUSED').length === 0) onDone();
  };

  const isDone = progress !== null && progress.left.length === 0 && !busy;
  return (
    <Modal opened onClose={isDone ? onDone : onClose} title={titleOf(action, count)} size="lg" closeOnClickOutside={!busy}>
      {isDone ? (
        <Stack>
          <Text role="status">{doneText(action, withOutcome(progress.rows, 'CHANGED').length)}</Text>
          <Refusals rows={progress.rows} />
          <Group justify="flex-end">
            <Button onClick={onDone} data-autofocus>
              <Trans>Done</Trans>
            </Button>
          </Group>
        </Stack>
      ) : (
        <form onSubmit={run} noValidate>
          <Stack>
            {!seen && bulk.problems.length === 0 && <Loading text={msg`Loading what would come of it …`} />}
            {seen && <Preview action={action} rows={seen} />}
            {seen && action.kind === 'delete' && fine.length > 0 && (
              <TextInput
                label={t`Type how many users are deleted to confirm`}
                description={number(fine.length)}
                inputMode="numeric"
                autoComplete="off"
                data-autofocus
                value={typed}
                onChange={(event) => setTyped(event.target.value)}
              />
            )}
            {progress && <Bar value={(100 * progress.rows.length) / Math.max(fine.length, 1)} aria-label={t`Done so far`} />}
            <Problems problems={bulk.problems} />
            <Group justify="flex-end" gap="xs">
              <Button variant="default" onClick={onClose}>
                <Trans>Cancel</Trans>
              </Button>
              {!seen && bulk.problems.length > 0 && (
                <Button onClick={() => setTries(tries + 1)}>
                  <Trans>Try again</Trans>
                </Button>
              )}
              {fine.length > 0 && (
                <Button
                  type="submit"
                  color={action.kind === 'delete' ? 'red' : 'blue'}
                  loading={busy}
                  disabled={!isTyped}
                  data-autofocus
                >
                  {progress ? t`Go on` : verbOf(action, fine.length)}
                </Button>
              )}
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  );
}

function Preview({ action, rows }: { action: BulkAction; rows: readonly BulkRow[] }) {
  const fine = withOutcome(rows, 'CHANGED').length;
  const unchanged = withOutcome(rows, 'UNCHANGED').length;
  return (
    <Stack gap="xs">
      <Text>{fine > 0 ? effectOf(action) : t`There is nothing to change.`}</Text>
      {unchanged > 0 && <Text c="dimmed">{unchangedText(action, unchanged)}</Text>}
      <Refusals rows={rows} />
    </Stack>
  );
}
