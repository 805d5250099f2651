import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Link } from 'wouter';
import { Empty } from '../ui/states';

/** Instead of a page that the viewer's role does not see. */
export default function ClosedPage() {
  return (
    <Empty title={t`This page is not for your role`} isPage>
      <Trans>Ask an admin of the account if you need it.</Trans>
      <Link href="/">
        <Trans>Go to the start</Trans>
      </Link>
    </Empty>
  );
}
