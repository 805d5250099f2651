import { t } from '@lingui/core/macro';
import { ActionIcon } from '@mantine/core';
import { KeyboardIcon } from '../ui/icons';

/** Shows the keys. */
export function HelpButton({ onClick }: { onClick: () => void }) {
  return (
    <ActionIcon variant="subtle" color="gray" size={32} onClick={onClick} aria-label={t`Help`} title={t`Help ( ? )`}>
      <KeyboardIcon />
    </ActionIcon>
  );
}
