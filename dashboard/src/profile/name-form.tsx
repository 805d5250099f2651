import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Button, Group, Stack, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { problemAt, problemsElsewhere, useApiMutation } from '../api/use-api-mutation';
import { useViewer } from '../session/session';
import { notifyDone } from '../ui/notify';
import { Problems } from '../ui/states';
import { useUnsaved } from '../unsaved/unsaved';
import { UpdateUser } from '../users/mutations';

/** How one is called. */
export function NameForm() {
  const { user } = useViewer();
  const saved = user.name ?? '';
  // Until the name is edited, the form follows changes from elsewhere.
  const [edited, setEdited] = useState<string | null>(null);
  const name = edited ?? saved;
  const rename = useApiMutation(UpdateUser);
  useUnsaved(name !== saved);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const outcome = await rename.run({ id: user.id, name });
    if (!outcome.done) return;
    setEdited(outcome.payload.user?.name ?? name);
    notifyDone(t`Your name is changed.`);
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack maw={480}>
        <TextInput
          label={t`Your name`}
          autoComplete="name"
          value={name}
          onChange={(event) => setEdited(event.target.value)}
          error={problemAt(rename.problems, 'name')}
        />
        <Problems problems={problemsElsewhere(rename.problems, ['name'])} />
        <Group>
          <Button type="submit" variant="default" loading={rename.busy}>
            <Trans>Change name</Trans>
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
