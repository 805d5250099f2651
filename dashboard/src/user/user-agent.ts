// User agents as people call them: `Mozilla/5.0 (X11; Linux x86_64) … Chrome/156.0.0.0 Safari/537.36` is "Chrome 156 on Linux".
import { t } from '@lingui/core/macro';

// The order matters: most browsers also name those they are compatible with.
const BROWSERS: [string, RegExp][] = [
  ['Edge', /\bEdg(?:e|A|iOS)?\/(\d+)/],
  ['Opera', /\b(?:OPR|Opera)\/(\d+)/],
  ['Samsung Internet', /\bSamsungBrowser\/(\d+)/],
  ['Firefox', /\b(?:Firefox|FxiOS)\/(\d+)/],
  ['Chrome', /\b(?:HeadlessChrome|Chrome|CriOS|Chromium)\/(\d+)/],
  ['Safari', /\bVersion\/(\d+)[\d.]* (?:Mobile\/\S+ )?Safari\//],
];
const SYSTEMS: [string, RegExp][] = [
  ['iPhone', /iPhone/],
  ['iPad', /iPad/],
  ['Android', /Android/],
  ['Windows', /Windows/],
  ['ChromeOS', /CrOS/],
  ['macOS', /Macintosh|Mac OS X/],
  ['Linux', /Linux|X11/],
];
/** Programs name themselves first, as `curl/8.5.0` does. */
const PROGRAM = /^([A-Za-z][\w.-]*)\/(\d+(?:\.\d+)?)/;

/** What a session was started with; null where nothing is known. */
export function describeUserAgent(userAgent: string | null | undefined): string | null {
  const text = userAgent?.trim() ?? '';
  if (text === '') return null;
  const system = SYSTEMS.find(([, sign]) => sign.test(text))?.[0];
  for (const [name, sign] of BROWSERS) {
    const version = text.match(sign)?.[1];
    const browser = `${name} ${version}`;
    if (version) return system ? t`${browser} on ${system}` : browser;
  }
  const [, program, version] = text.match(PROGRAM) ?? [];
  if (program && program !== 'Mozilla') return `${program} ${version}`;
  return system ?? text;
}
