import { i18n } from '@lingui/core';
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Group, Stack, Title } from '@mantine/core';
import { Link, useSearchParams } from 'wouter';
import { CompareView } from '../compare/compare-view';
import { useViewer } from '../session/session';
import ClosedPage from '../shell/closed-page';
import { ZoneNote } from '../ui/zone-note';
import classes from './audit-log-page.module.css';
import { EventsView } from './events-view';
import { RefusedView } from './refused-view';
import { viewOf, viewsOf } from './views';

/** What happened in the account, in several views. */
export default function AuditLogPage() {
  const { user } = useViewer();
  const [params] = useSearchParams();
  const shown = viewOf(params, user.role);
  if (shown === null) return <ClosedPage />;
  return (
    <Stack>
      <Group justify="space-between" align="baseline">
        <Title order={1} size="h2">
          <Trans>Audit log</Trans>
        </Title>
        <ZoneNote />
      </Group>
      <nav className={classes.views} aria-label={t`Views of the audit log`}>
        {viewsOf(user.role).map(({ id, label, href }) => (
          <Link key={id} href={href} className={classes.view} aria-current={id === shown ? 'page' : undefined}>
            {i18n._(label)}
          </Link>
        ))}
      </nav>
      {shown === 'events' && <EventsView />}
      {shown === 'refused' && <RefusedView />}
      {shown === 'compare' && <CompareView />}
    </Stack>
  );
}
