import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Alert, Button, CloseButton, FileButton, Group, Stack, Text, Textarea } from '@mantine/core';
import { type DragEvent, useState } from 'react';
import classes from './import.module.css';
import type { Unreadable } from './read';
import { unreadableText } from './texts';

const KINDS = '.csv,.tsv,.txt,text/csv,text/plain,text/tab-separated-values';

interface Props {
  text: string;
  onText: (text: string) => void;
  file: File | null;
  onFile: (file: File | null) => void;
  unreadable: Unreadable | null;
  busy: boolean;
  onPreview: () => void;
  onClose: () => void;
}

/** Where the people come from: a file that is dropped or chosen, or text. */
export function ChooseStep({ text, onText, file, onFile, unreadable, busy, onPreview, onClose }: Props) {
  const [isOver, setIsOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setIsOver(false);
    const [dropped] = event.dataTransfer.files;
    if (dropped) onFile(dropped);
  };
  return (
    <Stack>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the button within does the same without a mouse */}
      <div
        className={classes.drop}
        data-over={isOver || undefined}
        onDragOver={(event) => {
          event.preventDefault();
          setIsOver(true);
        }}
        onDragLeave={() => setIsOver(false)}
        onDrop={drop}
      >
        {file ? (
          <Group gap="xs" wrap="nowrap">
            <Text className={classes.wrapped}>
              <bdi>{file.name}</bdi>
            </Text>
            <CloseButton aria-label={t`Remove ${file.name}`} onClick={() => onFile(null)} />
          </Group>
        ) : (
          <>
            <Text fw={600}>
              <Trans>Drop a CSV or text file here</Trans>
            </Text>
            <FileButton accept={KINDS} onChange={onFile}>
              {(props) => (
                <Button {...props} variant="default">
                  <Trans>Choose a file</Trans>
                </Button>
              )}
            </FileButton>
            <Text size="sm" c="dimmed" ta="center">
              <Trans>
                Columns may be in any order, from spreadsheets, Google Workspace, Okta, Entra, GitHub or Roster. No one is invited
                before you have seen every row.
              </Trans>
            </Text>
          </>
        )}
      </div>
      <div hidden={file !== null}>
        <Textarea
          label={t`People`}
          description={t`Or paste them: addresses as they are copied out of a mail or a table. After an address, a role and login methods may follow, such as ada@acme.example, Editor, password`}
          rows={7}
          data-autofocus
          value={text}
          onChange={(event) => onText(event.target.value)}
        />
      </div>
      {unreadable && (
        <Alert color="red" role="alert">
          {unreadableText(unreadable)}
        </Alert>
      )}
      <div className={classes.footer}>
        <Button variant="default" onClick={onClose}>
          <Trans>Cancel</Trans>
        </Button>
        <Button data-first-of="choose" loading={busy} disabled={file === null && text.trim() === ''} onClick={onPreview}>
          <Trans>Preview</Trans>
        </Button>
      </div>
    </Stack>
  );
}
