import { t } from '@lingui/core/macro';
import { Checkbox, Stack } from '@mantine/core';
import { methodWord } from '../ui/words';
import type { User } from './queries';

interface Props {
  offered: User['authMethods'];
  value: string[];
  onChange: (ids: string[]) => void;
  error?: string | undefined;
  disabledBecause?: string | undefined;
  label?: string;
}

/** Which login methods are allowed: at least one. */
export function MethodChoice({ offered, value, onChange, error, disabledBecause, label }: Props) {
  return (
    <Checkbox.Group
      label={label ?? t`Allow login with`}
      description={disabledBecause}
      value={value}
      onChange={onChange}
      error={error}
    >
      <Stack gap="xs" mt="xs">
        {offered.map((method) => (
          <Checkbox key={method.id} value={method.id} label={methodWord(method)} disabled={disabledBecause !== undefined} />
        ))}
      </Stack>
    </Checkbox.Group>
  );
}
