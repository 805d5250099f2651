import { plural } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Button, Stack, Text } from '@mantine/core';
import { saveFile } from '../ui/save-file';
import { serverDate } from '../ui/server-clock';
import classes from './import.module.css';
import { leftoverFile } from './leftover';
import type { Person } from './people';
import { ReviewTable } from './review-table';
import type { Method } from './role-words';

interface Props {
  /** Everyone, with what came of it. */
  results: readonly Person[];
  offered: readonly Method[];
  onClose: () => void;
}

/** What came of it. The others can be taken along, with the reason. */
export function DoneStep({ results, offered, onClose }: Props) {
  const others = results.filter(({ problem }) => problem !== null);
  const invited = results.length - others.length;
  const download = () =>
    saveFile(
      new Blob([leftoverFile(others)], { type: 'text/csv;charset=utf-8' }),
      `not-invited-${serverDate().toISOString().slice(0, 10)}.csv`,
    );
  return (
    <Stack>
      <Text role="status" fw={600}>
        {plural(invited, { one: '# person is invited.', other: '# people are invited.' })}{' '}
        {others.length > 0 && plural(others.length, { one: '# row is not.', other: '# rows are not.' })}
      </Text>
      <Text size="sm">
        <Trans>The mails are on their way. Their state is in the list of users.</Trans>
      </Text>
      {others.length > 0 && <ReviewTable people={others} offered={offered} fine="" />}
      <div className={classes.footer}>
        {others.length > 0 && (
          <Button variant="default" onClick={download}>
            <Trans>Download the others as CSV</Trans>
          </Button>
        )}
        <Button onClick={onClose} data-first-of="done">
          <Trans>Close</Trans>
        </Button>
      </div>
    </Stack>
  );
}
