// How much happened on each of the last days: one question with a count for each day.
import { addDays, minuteOf, startOfDay } from '../ui/dates';

/** How many days are shown. */
export const DAYS = 14;

const SERIES = { signIns: 'SESSION_STARTED', invitations: 'INVITED' } as const;

export type SeriesName = keyof typeof SERIES;

type Counts = Record<string, { count: { count: number } } | null>;

export interface DayCount {
  /** Such as `2026-11-24`. */
  day: string;
  count: number;
}

/** The starts of the last days by the reader's calendar, the oldest first, and the one after today. */
export function dayStarts(now: Date): Date[] {
  const today = minuteOf(now).slice(0, 10);
  return Array.from({ length: DAYS + 1 }, (_, index) => new Date(startOfDay(addDays(today, index - DAYS + 1)) ?? now));
}

/** Asks for both series. Its variables are the starts of the days: `t0`, `t1` and so on. */
export const ACTIVITY = (() => {
  const variables = Array.from({ length: DAYS + 1 }, (_, index) => `$t${index}: DateTime!`).join(', ');
  const fields = Object.entries(SERIES).flatMap(([name, type]) =>
    Array.from(
      { length: DAYS },
      (_, index) =>
        `${name}${index}: auditLog(first: 0, filter: { types: [${type}], recorded: { from: $t${index}, before: $t${index + 1} } }) { count { count } }`,
    ),
  );
  return `query Activity(${variables}) { ${fields.join(' ')} }`;
})();

/** The variables for these starts. */
export function activityVariables(starts: readonly Date[]): Record<string, string> {
  return Object.fromEntries(starts.map((start, index) => [`t${index}`, start.toISOString()]));
}

/** The counts of a series by day, the oldest first. */
export function seriesOf(name: SeriesName, data: Counts, days: readonly string[]): DayCount[] {
  return days.map((day, index) => ({ day, count: data[`${name}${index}`]?.count.count ?? 0 }));
}
