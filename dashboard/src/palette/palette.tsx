import { t } from '@lingui/core/macro';
import { Modal } from '@mantine/core';
import { useState } from 'react';
import { useQuery } from 'urql';
import { useViewer } from '../session/session';
import { useFocusReturn } from '../ui/use-focus-return';
import type { Dialog } from '../users/dialog';
import { OfferedMethods, type User } from '../users/queries';
import { useUserActions } from '../users/use-user-actions';
import { actionsOf } from '../users/user-actions';
import { UserDialogs } from '../users/user-dialogs';
import { matching } from './entries';
import { PaletteList } from './palette-list';
import { usePageEntries } from './use-page-entries';
import { usePeople } from './use-people';

interface Props {
  onClose: () => void;
  onHelp: () => void;
  onTimeZone: () => void;
}

/** Finds every page, person and action. What an action asks for replaces the palette. */
export default function Palette({ onClose, onHelp, onTimeZone }: Props) {
  useFocusReturn();
  const { user: viewer } = useViewer();
  const [typed, setTyped] = useState('');
  const [person, setPerson] = useState<User | null>(null);
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const isAdmin = viewer.role === 'ADMIN';
  const [methods] = useQuery({ query: OfferedMethods, pause: !dialog });
  const pages = usePageEntries({ onClose, onHelp, onTimeZone, onDialog: setDialog });
  const people = usePeople({ typed, isOn: isAdmin && person === null, onClose, onMore: setPerson });
  const run = useUserActions(setDialog);

  if (dialog) {
    return (
      <UserDialogs
        dialog={dialog}
        users={[]}
        offered={methods.data?.viewer?.account.authMethods ?? []}
        onOpen={setDialog}
        onClose={onClose}
        onStale={() => undefined}
      />
    );
  }
  const ofPerson = person
    ? actionsOf(person).map(({ id, label, icon, reason }) => ({
        id,
        group: person.name ?? person.email ?? '',
        label,
        icon,
        reason,
        run: () => {
          run(id, person);
          // These happen at once; the others open a dialog, which replaces the palette.
          if (['copy-link', 'activate', 'deactivate'].includes(id)) onClose();
        },
      }))
    : [];
  const entries = person ? matching(ofPerson, typed) : [...matching(pages, typed), ...people.entries];
  const all = t`Find a page, a person or an action`;
  const name = person?.name ?? person?.email ?? '';
  return (
    <Modal.Root opened onClose={onClose} size="lg" yOffset="12dvh" lockScroll={false}>
      <Modal.Overlay />
      <Modal.Content aria-label={all}>
        <Modal.Body p={0}>
          <PaletteList
            key={person?.id ?? 'all'}
            typed={typed}
            placeholder={person ? t`What to do with ${name}` : isAdmin ? all : t`Find a page or an action`}
            entries={entries}
            isSearching={people.isSearching}
            onType={setTyped}
            onBack={person ? () => setPerson(null) : undefined}
          />
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
