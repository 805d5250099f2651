import { Title } from '@mantine/core';
import { Link } from 'wouter';
import { number } from '../ui/formats';
import classes from './overview-page.module.css';

interface Bar {
  label: string;
  count: number;
  href: string;
}

/** Bars with their numbers: a list, which the bars only illustrate. */
export function BarChart({ title, bars }: { title: string; bars: Bar[] }) {
  const most = Math.max(1, ...bars.map((bar) => bar.count));
  return (
    <>
      <Title order={2} size="h4">
        {title}
      </Title>
      <ul className={classes.bars}>
        {bars.map(({ label, count, href }) => (
          <li key={label}>
            <Link href={href}>{label}</Link>
            <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
              <rect width={(100 * count) / most} height="10" rx="1" />
            </svg>
            <span className={classes.count}>{number(count)}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
