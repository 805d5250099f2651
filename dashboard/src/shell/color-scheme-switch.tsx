import { t } from '@lingui/core/macro';
import { ActionIcon, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { MoonIcon, SunIcon } from '../ui/icons';

/** Changes between light and dark. Until it is used, the system decides. */
export function ColorSchemeSwitch() {
  const { setColorScheme } = useMantineColorScheme();
  const shown = useComputedColorScheme('light');
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      onClick={() => setColorScheme(shown === 'dark' ? 'light' : 'dark')}
      aria-label={shown === 'dark' ? t`Change to light colours` : t`Change to dark colours`}
    >
      {shown === 'dark' ? <SunIcon /> : <MoonIcon />}
    </ActionIcon>
  );
}
