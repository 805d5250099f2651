import { t } from '@lingui/core/macro';
import { TextInput } from '@mantine/core';
import type { Narrowing } from './narrowing';
import { PersonFilters } from './person-filters';

interface Props {
  state: Narrowing;
  onChange: (change: Partial<Narrowing>) => void;
}

/** Whom it is about, who did it, and when. */
export function NarrowingFields({ state, onChange }: Props) {
  return (
    <>
      <PersonFilters subject={state.subject} actor={state.actor} onChange={onChange} />
      <TextInput type="date" label={t`From`} value={state.from} onChange={(event) => onChange({ from: event.target.value })} />
      <TextInput type="date" label={t`Until`} value={state.to} onChange={(event) => onChange({ to: event.target.value })} />
    </>
  );
}
