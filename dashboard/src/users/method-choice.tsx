import { Checkbox, Stack } from '@mantine/core';
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
export function MethodChoice({ offered, value, onChange, error, disabledBecause, label = 'Allow login with' }: Props) {
  return (
    <Checkbox.Group label={label} description={disabledBecause} value={value} onChange={onChange} error={error}>
      <Stack gap="xs" mt="xs">
        {offered.map((method) => (
          <Checkbox key={method.id} value={method.id} label={method.label} disabled={disabledBecause !== undefined} />
        ))}
      </Stack>
    </Checkbox.Group>
  );
}
