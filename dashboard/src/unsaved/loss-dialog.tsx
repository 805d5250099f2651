import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Button, Group, Modal, type ModalProps, Stack, Text } from '@mantine/core';

interface Props extends Pick<ModalProps, 'stackId'> {
  opened: boolean;
  onStay: () => void;
  onLose: () => void;
}

/** Asks before input is lost. */
export default function LossDialog({ opened, onStay, onLose, ...props }: Props) {
  return (
    <Modal {...props} opened={opened} onClose={onStay} title={t`Discard your changes?`} size="sm">
      <Stack>
        <Text>
          <Trans>What you typed or chose here is not saved yet.</Trans>
        </Text>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onStay} data-autofocus>
            <Trans>Keep editing</Trans>
          </Button>
          <Button color="red" onClick={onLose}>
            <Trans>Discard</Trans>
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
