import { Button, Group, type MantineColor, Modal, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import type { Problem } from '../api/problems';
import { problemAt, problemsElsewhere } from '../api/use-api-mutation';
import { Problems } from '../ui/states';

interface Props {
  title: string;
  children: ReactNode;
  email: string;
  color?: MantineColor;
  busy: boolean;
  problems: Problem[];
  onConfirm: (typedEmail: string) => void;
  onClose: () => void;
}

/** Asks to type the address of a user again. Whether it is the right one, the server says. */
export function ConfirmDialog({ title, children, email, color = 'blue', busy, problems, onConfirm, onClose }: Props) {
  const [typed, setTyped] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onConfirm(typed);
  };
  return (
    <Modal opened onClose={onClose} title={title}>
      <form onSubmit={submit} noValidate>
        <Stack>
          <Text>{children}</Text>
          <TextInput
            label="Type the email address to confirm"
            description={email}
            type="email"
            autoComplete="off"
            data-autofocus
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            error={problemAt(problems, 'confirmEmail')}
          />
          <Problems problems={problemsElsewhere(problems, ['confirmEmail'])} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" color={color} loading={busy} disabled={typed.trim() === ''}>
              Confirm
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
