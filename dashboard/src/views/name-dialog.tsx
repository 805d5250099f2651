import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Button, Checkbox, Group, Stack, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { problemAt, problemsElsewhere, useApiMutation } from '../api/use-api-mutation';
import { notifyDone } from '../ui/notify';
import { Problems } from '../ui/states';
import { useFocusReturn } from '../ui/use-focus-return';
import { FormDialog } from '../unsaved/form-dialog';
import { SaveView, UpdateView } from './mutations';
import type { View } from './views';

interface Props {
  /** The view that gets another name; null for a new one. */
  renamed: View | null;
  /** What the new view shows. */
  query: string;
  onSaved: (id: string) => void;
  onClose: () => void;
}

/** Asks for the name of a view, and saves it. */
export default function NameDialog({ renamed, query, onSaved, onClose }: Props) {
  useFocusReturn();
  const before = renamed?.name ?? '';
  const [name, setName] = useState(before);
  const [shared, setShared] = useState(false);
  const save = useApiMutation(SaveView);
  const update = useApiMutation(UpdateView);
  const { busy, problems } = renamed ? update : save;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const outcome = renamed
      ? await update.run({ id: renamed.id, name, expectedVersion: renamed.saved?.version ?? null })
      : await save.run({ name, query, shared });
    if (!outcome.done) return;
    notifyDone(renamed ? t`The view is now called ${name}.` : t`The view ${name} is saved.`);
    onClose();
    if (outcome.payload.view) onSaved(outcome.payload.view.id);
  };
  return (
    <FormDialog
      title={renamed ? t`Rename the view ${before}` : t`Save as view`}
      isChanged={name !== before || shared}
      onClose={onClose}
    >
      <form onSubmit={submit} noValidate>
        <Stack>
          <TextInput
            label={t`Name of the view`}
            maxLength={100}
            data-autofocus
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            error={problemAt(problems, 'name')}
          />
          {!renamed && (
            <Checkbox
              label={t`Share with all admins`}
              description={t`Its name and search stay in the audit log: do not use the name or address of a person.`}
              checked={shared}
              onChange={(event) => setShared(event.currentTarget.checked)}
            />
          )}
          <Problems problems={problemsElsewhere(problems, ['name'])} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              <Trans>Cancel</Trans>
            </Button>
            <Button type="submit" loading={busy}>
              {renamed ? <Trans>Rename</Trans> : <Trans>Save view</Trans>}
            </Button>
          </Group>
        </Stack>
      </form>
    </FormDialog>
  );
}
