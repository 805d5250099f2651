// Moments that people often want to look back to.
import { t } from '@lingui/core/macro';
import { minuteOf } from '../ui/dates';

interface QuickMoment {
  label: string;
  /** A minute of the reader's clock, such as `2026-11-24T09:30`. */
  minute: string;
}

/** The quick choices as of now, the nearest first. */
export function quickMoments(now: Date): QuickMoment[] {
  const back = (change: (date: Date) => void) => {
    const date = new Date(now);
    change(date);
    return minuteOf(date);
  };
  return [
    { label: t`An hour ago`, minute: back((date) => date.setHours(date.getHours() - 1)) },
    { label: t`A day ago`, minute: back((date) => date.setDate(date.getDate() - 1)) },
    { label: t`A week ago`, minute: back((date) => date.setDate(date.getDate() - 7)) },
    { label: t`30 days ago`, minute: back((date) => date.setDate(date.getDate() - 30)) },
    { label: t`Start of the month`, minute: minuteOf(new Date(now.getFullYear(), now.getMonth(), 1)) },
    { label: t`Start of the year`, minute: minuteOf(new Date(now.getFullYear(), 0, 1)) },
  ];
}

/** What is compared with now when nothing is chosen yet. */
export function weekAgo(now: Date): string {
  const date = new Date(now);
  date.setDate(date.getDate() - 7);
  return minuteOf(date);
}
