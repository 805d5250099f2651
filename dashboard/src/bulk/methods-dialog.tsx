import { Trans } from '@lingui/react/macro';
import { Button, Group, Modal, Stack } from '@mantine/core';
import { useState } from 'react';
import { useFocusReturn } from '../ui/use-focus-return';
import { methodWord } from '../ui/words';
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
  const labels = offered.filter(({ id }) => methods.includes(id)).map(methodWord);
  const action: BulkAction = { kind: 'methods', methods, labels };
  return (
    <Modal opened onClose={onClose} title={titleOf(action, count)}>
      <Stack>
        <MethodChoice offered={offered} value={methods} onChange={setMethods} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            <Trans>Cancel</Trans>
          </Button>
          <Button disabled={methods.length === 0} onClick={() => onChoose(action)} data-autofocus>
            <Trans>Go on</Trans>
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
