import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Link } from 'wouter';
import { Empty } from '../ui/states';

export default function NotFoundPage() {
  return (
    <Empty title={t`There is no such page`} isPage>
      <Link href="/">
        <Trans>Go to the start</Trans>
      </Link>
    </Empty>
  );
}
