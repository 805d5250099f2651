import { Trans } from '@lingui/react/macro';
import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import type { Problem } from '../api/problems';
import { problemAt, problemsElsewhere } from '../api/use-api-mutation';
import { Problems } from './states';
import { useFocusReturn } from './use-focus-return';

interface Typed {
  /** What to type, such as "Type the email address to confirm". */
  label: string;
  /** The text that is typed. */
  expected: string;
  /** The field of the input that the server refuses if it is wrong; without it, the dialog compares by itself. */
  field?: string;
  type?: 'email' | 'text';
}

interface Props {
  /** Says what is done to whom, such as "Delete Rosa Delgado?". */
  title: string;
  /** What the button does, such as "Delete user". */
  verb: string;
  /** What follows from it. */
  children: ReactNode;
  isDangerous?: boolean;
  /** What must be typed first. */
  typed?: Typed;
  busy: boolean;
  problems: Problem[];
  size?: string;
  onConfirm: (typed: string) => void;
  onClose: () => void;
}

/** Asks before something is done that matters. The focus is on what is typed, or on the button. */
export function ConfirmDialog({
  title,
  verb,
  children,
  isDangerous = false,
  typed,
  busy,
  problems,
  size,
  onConfirm,
  onClose,
}: Props) {
  useFocusReturn();
  const [text, setText] = useState('');
  const field = typed?.field;
  const isTyped = !typed || (field ? text.trim() !== '' : text.trim() === typed.expected);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isTyped) onConfirm(text);
  };
  return (
    <Modal opened onClose={onClose} title={title} {...(size ? { size } : {})}>
      <form onSubmit={submit} noValidate>
        <Stack>
          <Text component="div">{children}</Text>
          {typed && (
            <TextInput
              label={typed.label}
              description={typed.expected}
              type={typed.type ?? 'text'}
              autoComplete="off"
              data-autofocus
              value={text}
              onChange={(event) => setText(event.target.value)}
              error={field && problemAt(problems, field)}
            />
          )}
          <Problems problems={field ? problemsElsewhere(problems, [field]) : problems} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              <Trans>Cancel</Trans>
            </Button>
            <Button
              type="submit"
              color={isDangerous ? 'red' : 'blue'}
              loading={busy}
              disabled={!isTyped}
              {...(typed ? {} : { 'data-autofocus': true })}
            >
              {verb}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
