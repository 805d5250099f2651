// The time zone of everything that the pages show: the browser's, or one that the reader chose. The browser keeps the choice; another one
// loads the page again, as with the language.

const KEY = 'roster-time-zone';

/** The zone of the browser, such as `Europe/Berlin`. */
export const browserZone = (): string => new Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The zone that the reader chose; null for the browser's. */
export function chosenZone(): string | null {
  try {
    const zone = localStorage.getItem(KEY);
    return zone && isZone(zone) ? zone : null;
  } catch {
    return null;
  }
}

let shown: string | null = null;

/** The zone that times are shown in. */
export function timeZone(): string {
  shown ??= chosenZone() ?? browserZone();
  return shown;
}

/** A zone as people read it: `America/New York`. */
export function zoneName(zone: string = timeZone()): string {
  return zone.replaceAll('_', ' ');
}

/** Shows all times in a zone from now on, in this browser; null: in the browser's. The page is loaded again, and asks before input is lost. */
export function chooseZone(zone: string | null): void {
  try {
    if (zone) localStorage.setItem(KEY, zone);
    else localStorage.removeItem(KEY);
  } catch {
    // A browser that keeps nothing for us: its own zone stays.
  }
  location.reload();
}

function isZone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false;
  }
}

const CLOCK: Intl.DateTimeFormatOptions = {
  calendar: 'iso8601',
  numberingSystem: 'latn',
  hourCycle: 'h23',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
};
const clocks = new Map<string, Intl.DateTimeFormat>();

/** What the clocks of a zone show at an instant, as if it were UTC; both in milliseconds since 1970. */
export function clockAt(instant: number, zone: string = timeZone()): number {
  const clock = clocks.get(zone) ?? new Intl.DateTimeFormat('en', { ...CLOCK, timeZone: zone });
  clocks.set(zone, clock);
  const parts = Object.fromEntries(clock.formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

const DAY_MILLISECONDS = 86_400_000;

/**
 * When the clocks of a zone show this: the earlier instant if they show it twice; if they skip it, the one that would have it if they had not.
 */
export function instantAt(clock: number, zone: string = timeZone()): number {
  const instants = [clock - DAY_MILLISECONDS, clock + DAY_MILLISECONDS].map((near) => clock - (clockAt(near, zone) - near));
  const shownBy = instants.filter((instant) => clockAt(instant, zone) === clock);
  return shownBy.length > 0 ? Math.min(...shownBy) : Math.max(...instants);
}
