import { i18n } from '@lingui/core';
import { t } from '@lingui/core/macro';
import { Checkbox, Group, Popover, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { CloseIcon } from '../ui/icons';
import { ZoneNote } from '../ui/zone-note';
import classes from './filter-bar.module.css';
import type { Filter } from './filter-definitions';
import type { ListState } from './list-state';
import type { User } from './queries';

interface Props {
  filter: Filter;
  state: ListState;
  offered: User['authMethods'];
  /** Whether it was just added: then it asks at once what it is to be set to. */
  isNew: boolean;
  onChange: (change: Partial<ListState>) => void;
  /** Called when it was closed without being set. */
  onUnused: () => void;
}

/** A filter that is set: what it is set to, a way to change that, and a cross. */
export function FilterChip({ filter, state, offered, isNew, onChange, onUnused }: Props) {
  const [isOpen, setIsOpen] = useState(isNew);
  const text = filter.text(state, offered);
  const label = i18n._(filter.label);
  const change = (opened: boolean) => {
    setIsOpen(opened);
    if (!opened && text === '') onUnused();
  };
  return (
    <span className={classes.chip}>
      <Popover position="bottom-start" shadow="md" trapFocus opened={isOpen} onChange={change}>
        <Popover.Target>
          <button type="button" className={classes.chipText} onClick={() => change(!isOpen)}>
            {text === '' ? label : t`${label}: ${text}`}
          </button>
        </Popover.Target>
        <Popover.Dropdown data-in-address>
          <Fields filter={filter} state={state} offered={offered} onChange={onChange} />
        </Popover.Dropdown>
      </Popover>
      <button
        type="button"
        className={classes.chipEnd}
        aria-label={t`Remove the filter ${label}`}
        onClick={() => {
          onChange(filter.none);
          onUnused();
        }}
      >
        <CloseIcon size={14} />
      </button>
    </span>
  );
}

type FieldsProps = Pick<Props, 'filter' | 'state' | 'offered' | 'onChange'>;

function Fields({ filter: { id, label: name, choices }, state, offered, onChange }: FieldsProps) {
  const label = i18n._(name);
  if (choices) {
    return (
      <Checkbox.Group label={label} value={state[id as 'methods']} onChange={(values) => onChange({ [id]: values })}>
        <Stack gap="xs" mt="xs">
          {choices(offered).map((one) => (
            <Checkbox key={one.value} value={one.value} label={one.label} />
          ))}
        </Stack>
      </Checkbox.Group>
    );
  }
  const [from, to] = id === 'created' ? (['createdFrom', 'createdTo'] as const) : (['activeFrom', 'activeTo'] as const);
  return (
    <Stack gap="sm">
      <Group gap="sm">
        <Day label={t`${label} from`} value={state[from]} onChange={(value) => onChange({ [from]: value, neverActive: false })} />
        <Day label={t`${label} until`} value={state[to]} onChange={(value) => onChange({ [to]: value, neverActive: false })} />
      </Group>
      <ZoneNote />
      {id === 'active' && (
        <Checkbox
          label={t`Never active`}
          checked={state.neverActive}
          onChange={(event) => onChange({ neverActive: event.target.checked, activeFrom: '', activeTo: '' })}
        />
      )}
    </Stack>
  );
}

function Day({ label, value, onChange }: { label: string; value: string; onChange: (day: string) => void }) {
  return <TextInput type="date" label={label} value={value} onChange={(event) => onChange(event.target.value)} />;
}
