// Moments that people often want to look back to.
import { t } from '@lingui/core/macro';
import { addDays, minuteOf } from '../ui/dates';

const HOUR_MILLISECONDS = 3_600_000;

interface QuickMoment {
  label: string;
  /** A minute of the reader's clock, such as `2026-11-24T09:30`. */
  minute: string;
}

/** The quick choices as of now, the nearest first. */
export function quickMoments(now: Date): QuickMoment[] {
  const minute = minuteOf(now);
  const daysAgo = (days: number) => addDays(minute.slice(0, 10), -days) + minute.slice(10);
  return [
    { label: t`An hour ago`, minute: minuteOf(new Date(now.getTime() - HOUR_MILLISECONDS)) },
    { label: t`A day ago`, minute: daysAgo(1) },
    { label: t`A week ago`, minute: daysAgo(7) },
    { label: t`30 days ago`, minute: daysAgo(30) },
    { label: t`Start of the month`, minute: `${minute.slice(0, 7)}-01T00:00` },
    { label: t`Start of the year`, minute: `${minute.slice(0, 4)}-01-01T00:00` },
  ];
}

/** What is compared with now when nothing is chosen yet. */
export function weekAgo(now: Date): string {
  const minute = minuteOf(now);
  return addDays(minute.slice(0, 10), -7) + minute.slice(10);
}
