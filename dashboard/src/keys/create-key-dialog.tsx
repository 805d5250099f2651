import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Button, Checkbox, Group, Modal, NumberInput, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { UserError } from '../api/problems';
import { type ApiMutation, problemAt, problemsElsewhere } from '../api/use-api-mutation';
import type { ApiScope } from '../gql/graphql';
import { CopyField } from '../ui/copy-field';
import { Problems } from '../ui/states';
import { useFocusReturn } from '../ui/use-focus-return';
import { FormDialog } from '../unsaved/form-dialog';
import { SCOPES, scopeName } from './scopes';

const FIELDS = ['name', 'scopes', 'expiresInDays'];
const SCOPES_AT_FIRST: ApiScope[] = ['USERS_READ'];
const DAYS = 90;

export type CreateKey = ApiMutation<
  { name: string; scopes: ApiScope[]; expiresInDays: number | null },
  { token?: string | null; userErrors: readonly UserError[] }
>;

interface Props {
  title: string;
  nameHint: string;
  scopesHint: string;
  create: CreateKey;
  onClose: () => void;
}

/** Creates an API key or a service key, and shows its token once. */
export function CreateKeyDialog({ title, nameHint, scopesHint, create, onClose }: Props) {
  useFocusReturn();
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState(SCOPES_AT_FIRST);
  const [days, setDays] = useState<number | string>(DAYS);
  const [token, setToken] = useState<string | null>(null);
  const isChanged = name !== '' || days !== DAYS || scopes.join() !== SCOPES_AT_FIRST.join();

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const outcome = await create.run({ name, scopes, expiresInDays: typeof days === 'number' ? days : null });
    if (outcome.done) setToken(outcome.payload.token ?? '');
  };

  if (token !== null) return <TokenDialog name={name} token={token} onClose={onClose} />;
  return (
    <FormDialog title={title} isChanged={isChanged} onClose={onClose}>
      <form onSubmit={submit} noValidate>
        <Stack>
          <TextInput
            label={t`Name`}
            description={nameHint}
            data-autofocus
            value={name}
            onChange={(event) => setName(event.target.value)}
            error={problemAt(create.problems, 'name')}
          />
          <Checkbox.Group
            label={t`It may`}
            description={scopesHint}
            value={scopes}
            onChange={(value) => setScopes(value as ApiScope[])}
            error={problemAt(create.problems, 'scopes')}
          >
            <Stack gap="xs" mt="xs">
              {SCOPES.map((scope) => (
                <Checkbox key={scope} value={scope} label={scopeName(scope)} />
              ))}
            </Stack>
          </Checkbox.Group>
          <NumberInput
            label={t`Works for`}
            suffix={daysSuffix(days)}
            min={1}
            max={366}
            allowDecimal={false}
            value={days}
            onChange={setDays}
            error={problemAt(create.problems, 'expiresInDays')}
          />
          <Problems problems={problemsElsewhere(create.problems, FIELDS)} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              <Trans>Cancel</Trans>
            </Button>
            <Button type="submit" loading={create.busy}>
              <Trans>Create</Trans>
            </Button>
          </Group>
        </Stack>
      </form>
    </FormDialog>
  );
}

/** What follows the number of days. */
function daysSuffix(days: number | string): string {
  return plural(Number(days), { one: ' day', other: ' days' });
}

/** It closes by its button only: what is not copied is lost. */
function TokenDialog({ name, token, onClose }: { name: string; token: string; onClose: () => void }) {
  return (
    <Modal
      opened
      onClose={onClose}
      title={t`The token of ${name}`}
      size="lg"
      closeOnClickOutside={false}
      closeOnEscape={false}
      withCloseButton={false}
    >
      <Stack>
        <Text>
          <Trans>Copy it now and store it where the program reads it. It is shown this once.</Trans>
        </Text>
        <CopyField label={t`Token`} text={token} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            <Trans>Done</Trans>
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
