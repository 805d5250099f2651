import { Button, FileButton, Group, Modal, Progress, Select, Stack, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import type { Role } from '../gql/graphql';
import { notifyDone } from '../ui/notify';
import { Problems } from '../ui/states';
import { choices, ROLES } from '../ui/words';
import { FormDialog } from '../unsaved/form-dialog';
import { type ReadRow, readRows } from './invite-rows';
import { MethodChoice } from './method-choice';
import type { User } from './queries';
import { RowResults } from './row-results';
import { type RowResult, useInviteMany } from './use-invite-many';

const MAX_ROWS = 1000;

interface Props {
  offered: User['authMethods'];
  onClose: () => void;
}

/** Invites many people: text, then a look at what would happen, then the invitations with a result for each row. */
export function InviteManyDialog({ offered, onClose }: Props) {
  const [text, setText] = useState('');
  const [role, setRole] = useState<Role>('VIEWER');
  // The methods may load after the dialog has opened: all are ticked until the user chooses.
  const [chosen, setChosen] = useState<string[] | null>(null);
  const methods = chosen ?? offered.map((method) => method.id);
  const [seen, setSeen] = useState<RowResult[] | null>(null);
  const [done, setDone] = useState<RowResult[] | null>(null);
  const many = useInviteMany();

  const read = readRows(text, { role, authMethods: methods });
  const rows = read.flatMap((one) => (one.row ? [one.row] : []));
  const unread = read.filter((one): one is ReadRow & { row: null } => one.row === null);
  const fine = seen ? rows.filter((_, index) => seen[index]?.problem === null) : [];

  const change = (apply: () => void) => {
    apply();
    setSeen(null);
  };
  const invite = async () => {
    const results = await many.invite(fine);
    if (!results) return;
    setDone(results);
    notifyDone(`${results.filter((result) => result.problem === null).length} people are invited.`);
  };

  if (done) {
    return (
      <Modal opened onClose={onClose} title="Invite many" size="lg">
        <Stack>
          <RowResults results={done} fine="Invited" />
          <Group justify="flex-end">
            <Button onClick={onClose}>Close</Button>
          </Group>
        </Stack>
      </Modal>
    );
  }
  return (
    <FormDialog title="Invite many" size="lg" isChanged={text !== ''} onClose={onClose}>
      <Stack>
        <Textarea
          label="People"
          description="One a line: address, and if they differ from the below, role and login methods, such as ada@acme.example, Editor, password"
          rows={7}
          data-autofocus
          value={text}
          onChange={(event) => change(() => setText(event.target.value))}
        />
        <Group justify="space-between">
          <FileButton
            accept=".csv,.txt,text/csv,text/plain"
            onChange={async (file) => file && change(() => file.text().then(setText))}
          >
            {(props) => (
              <Button {...props} variant="default" size="xs">
                Read a CSV file
              </Button>
            )}
          </FileButton>
          <Text size="sm" c={rows.length > MAX_ROWS ? 'red' : 'dimmed'} role="status">
            {rows.length} people{rows.length > MAX_ROWS && `, of which ${MAX_ROWS} can be invited at once`}
          </Text>
        </Group>
        <Group grow align="flex-start">
          <Select
            label="User role"
            data={choices(ROLES)}
            value={role}
            onChange={(value) => change(() => setRole(value as Role))}
          />
          <MethodChoice offered={offered} value={methods} onChange={(value) => change(() => setChosen(value))} />
        </Group>
        {unread.map(({ line, problem }) => (
          <Text key={line} size="sm" c="red">
            Line {line}: {problem}
          </Text>
        ))}
        {seen && <RowResults results={seen} fine="Can be invited" />}
        {many.busy && seen && <Progress value={(100 * many.answered) / Math.max(fine.length, 1)} aria-label="Invited so far" />}
        <Problems problems={many.problems} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          {seen ? (
            <Button loading={many.busy} disabled={fine.length === 0} onClick={invite}>
              Invite {fine.length}
            </Button>
          ) : (
            <Button
              loading={many.busy}
              disabled={rows.length === 0 || rows.length > MAX_ROWS || unread.length > 0}
              onClick={async () => setSeen(await many.look(rows))}
            >
              Preview
            </Button>
          )}
        </Group>
      </Stack>
    </FormDialog>
  );
}
