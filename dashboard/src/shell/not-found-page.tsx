import { Link } from 'wouter';
import { Empty } from '../ui/states';

export default function NotFoundPage() {
  return (
    <Empty title="There is no such page" isPage>
      <Link href="/">Go to the start</Link>
    </Empty>
  );
}
