import { t } from '@lingui/core/macro';
import { Radio, Stack } from '@mantine/core';
import type { Role } from '../gql/graphql';
import { ROLES, rights, word } from '../ui/words';

interface Props {
  value: Role;
  onChange: (role: Role) => void;
  disabledBecause?: string | undefined;
}

/** One of the roles, with what each may do. */
export function RoleChoice({ value, onChange, disabledBecause }: Props) {
  return (
    <Radio.Group label={t`User role`} description={disabledBecause} value={value} onChange={(role) => onChange(role as Role)}>
      <Stack gap="xs" mt="xs">
        {ROLES.map((role) => (
          <Radio
            key={role}
            data-autofocus={role === value || undefined}
            value={role}
            label={word(role)}
            description={rights(role)}
            disabled={disabledBecause !== undefined}
          />
        ))}
      </Stack>
    </Radio.Group>
  );
}
