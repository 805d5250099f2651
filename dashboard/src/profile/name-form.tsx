import { Button, Group, Stack, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { problemAt, problemsElsewhere, useDeed } from '../api/use-deed';
import { useViewer } from '../session/session';
import { Problems } from '../ui/states';
import { tellDone } from '../ui/tell';
import { useUnsaved } from '../unsaved/unsaved';
import { UpdateUser } from '../users/mutations';

/** How one is called. */
export function NameForm() {
  const { user } = useViewer();
  const [name, setName] = useState(user.name ?? '');
  const rename = useDeed(UpdateUser);
  useUnsaved(name !== (user.name ?? ''));
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const outcome = await rename.run({ id: user.id, name });
    if (!outcome.done) return;
    setName(outcome.payload.user?.name ?? name);
    tellDone('Your name is changed.');
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack maw={480}>
        <TextInput
          label="Your name"
          autoComplete="name"
          value={name}
          onChange={(event) => setName(event.target.value)}
          error={problemAt(rename.problems, 'name')}
        />
        <Problems problems={problemsElsewhere(rename.problems, ['name'])} />
        <Group>
          <Button type="submit" variant="default" loading={rename.busy}>
            Change name
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
