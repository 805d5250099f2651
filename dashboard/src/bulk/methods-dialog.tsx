import { Button, Group, Modal, Stack } from '@mantine/core';
import { useState } from 'react';
import { useFocusReturn } from '../ui/use-focus-return';
import { MethodChoice } from '../users/method-choice';
import type { User } from '../users/queries';
import { type BulkAction, titleOf } from './actions';

interface Props {
  count: number;
  offered: User['authMethods'];
  onChoose: (action: BulkAction) => void;
  onClose: () => void;
}

/** Asks which login methods many users are to have. */
export function MethodsDialog({ count, offered, onChoose, onClose }: Props) {
  useFocusReturn();
  const [methods, setMethods] = useState(() => offered.map(({ id }) => id));
  const labels = offered.filter(({ id }) => methods.includes(id)).map(({ label }) => label);
  const action: BulkAction = { kind: 'methods', methods, labels };
  return (
    <Modal opened onClose={onClose} title={titleOf(action, count)}>
      <Stack>
        <MethodChoice offered={offered} value={methods} onChange={setMethods} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button disabled={methods.length === 0} onClick={() => onChoose(action)} data-autofocus>
            Go on
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
