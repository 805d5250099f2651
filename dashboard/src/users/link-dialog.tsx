import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { CopyField } from '../ui/copy-field';

interface Props {
  email: string;
  link: string;
  onClose: () => void;
}

/** Shows the link of an invitation where the browser does not let us copy it without a click in a field. */
export function LinkDialog({ email, link, onClose }: Props) {
  return (
    <Modal opened onClose={onClose} title={`The invitation link for ${email}`} size="lg">
      <Stack>
        <Text>Anyone who holds it can accept the invitation. Hand it over on a way that you trust.</Text>
        <CopyField label="Invitation link" text={link} />
        <Group justify="flex-end">
          <Button onClick={onClose}>Done</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
