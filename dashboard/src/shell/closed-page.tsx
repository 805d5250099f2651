import { Link } from 'wouter';
import { Empty } from '../ui/states';

/** Instead of a page that the viewer's role does not see. */
export default function ClosedPage() {
  return (
    <Empty title="This page is not for your role" isPage>
      Ask an admin of the account if you need it.
      <Link href="/">Go to the start</Link>
    </Empty>
  );
}
