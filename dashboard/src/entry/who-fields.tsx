import { t } from '@lingui/core/macro';
import { TextInput } from '@mantine/core';

interface Props {
  /** The short name of the account, where it must be said: where there are several, and the link does not say it. */
  account: string | null;
  onAccount: (account: string) => void;
  email: string;
  onEmail: (email: string) => void;
  emailError: string | undefined;
}

/** The account and the address of a person who is not signed in. */
export function WhoFields({ account, onAccount, email, onEmail, emailError }: Props) {
  return (
    <>
      {account !== null && (
        <TextInput
          label={t`Account`}
          description={t`Its short name, such as acme`}
          value={account}
          onChange={(event) => onAccount(event.target.value)}
        />
      )}
      <TextInput
        label={t`Email`}
        type="email"
        autoComplete="username"
        autoFocus
        value={email}
        onChange={(event) => onEmail(event.target.value)}
        error={emailError}
      />
    </>
  );
}
