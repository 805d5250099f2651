import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { useViewer } from '../session/session';
import { PersonPicker } from './person-picker';

interface Props {
  /** The id of whom it is about, and of who did it; empty where nothing is said. */
  subject: string;
  actor: string;
  onChange: (change: { subject?: string; actor?: string }) => void;
}

/** Whom it is about, and who did it. Only admins may look for users; others can take away what an address brought. */
export function PersonFilters({ subject, actor, onChange }: Props) {
  const { user } = useViewer();
  if (user.role === 'ADMIN') {
    return (
      <>
        <PersonPicker label={t`About`} value={subject} onChange={(id) => onChange({ subject: id })} />
        <PersonPicker label={t`By`} value={actor} onChange={(id) => onChange({ actor: id })} />
      </>
    );
  }
  return (
    <>
      {subject && (
        <Button variant="default" onClick={() => onChange({ subject: '' })}>
          <Trans>About one user ✕</Trans>
        </Button>
      )}
      {actor && (
        <Button variant="default" onClick={() => onChange({ actor: '' })}>
          <Trans>By one user ✕</Trans>
        </Button>
      )}
    </>
  );
}
