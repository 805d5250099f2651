import { PasswordInput } from '@mantine/core';

interface Props {
  value: string;
  onChange: (value: string) => void;
  error?: string | undefined;
  autoFocus?: boolean;
  label?: string;
}

/** A password that is being chosen. */
export function NewPasswordInput({ value, onChange, error, autoFocus, label = 'Password' }: Props) {
  return (
    <PasswordInput
      label={label}
      description="8 to 256 characters, hard to guess: several uncommon words are best"
      autoComplete="new-password"
      visibilityToggleButtonProps={{ 'aria-label': 'Show the password' }}
      autoFocus={autoFocus}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      error={error}
    />
  );
}
