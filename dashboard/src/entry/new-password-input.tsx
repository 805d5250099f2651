import { t } from '@lingui/core/macro';
import { PasswordInput } from '@mantine/core';

interface Props {
  value: string;
  onChange: (value: string) => void;
  error?: string | undefined;
  autoFocus?: boolean;
  label?: string;
}

/** A password that is being chosen. */
export function NewPasswordInput({ value, onChange, error, autoFocus, label }: Props) {
  return (
    <PasswordInput
      label={label ?? t`Password`}
      description={t`8 to 256 characters, hard to guess: several uncommon words are best`}
      autoComplete="new-password"
      visibilityToggleButtonProps={{ 'aria-label': t`Show the password` }}
      autoFocus={autoFocus}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      error={error}
    />
  );
}
