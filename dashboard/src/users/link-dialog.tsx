import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
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
    <Modal opened onClose={onClose} title={t`The invitation link for ${email}`} size="lg">
      <Stack>
        <Text>
          <Trans>Anyone who holds it can accept the invitation. Hand it over on a way that you trust.</Trans>
        </Text>
        <CopyField label={t`Invitation link`} text={link} />
        <Group justify="flex-end">
          <Button onClick={onClose}>
            <Trans>Done</Trans>
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
