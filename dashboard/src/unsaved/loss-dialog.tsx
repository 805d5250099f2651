import { Button, Group, Modal, type ModalProps, Stack, Text } from '@mantine/core';

interface Props extends Pick<ModalProps, 'stackId'> {
  opened: boolean;
  onStay: () => void;
  onLose: () => void;
}

/** Asks before input is lost. */
export default function LossDialog({ opened, onStay, onLose, ...props }: Props) {
  return (
    <Modal {...props} opened={opened} onClose={onStay} title="Discard your changes?" size="sm">
      <Stack>
        <Text>What you typed or chose here is not saved yet.</Text>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onStay} data-autofocus>
            Keep editing
          </Button>
          <Button color="red" onClick={onLose}>
            Discard
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
