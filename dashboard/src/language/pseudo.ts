// English with other letters, for tests: what is not written so does not come from a catalogue. It is longer, too, as other languages are.
import type { Messages } from '@lingui/core';

const PLAIN = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const OTHER = 'àƀćđéƒĝĥíĵķłɱñóƥɋřšťúṽŵẋýžÀƁĆĐÉƑĜĤÍĴĶŁṀÑÓƤɊŘŠŤÚṼŴẊÝŽ';
const BY_LETTER = new Map([...PLAIN].map((letter, at) => [letter, [...OTHER][at] ?? letter]));
/** Tags such as `<0>`, which stand for elements. */
const TAG = /(<\/?\d+\/?>)/;

/** The texts of a compiled catalogue in the language of tests. */
export function pseudoTexts(messages: Messages): Messages {
  return Object.fromEntries(Object.entries(messages).map(([id, message]) => [id, pseudo(message)]));
}

/** Texts, and in plurals their cases; names of values stay. */
function pseudo<T>(message: T): T {
  if (typeof message === 'string') return text(message) as T;
  if (!Array.isArray(message)) return message;
  return message.map((part: unknown) => {
    if (typeof part === 'string') return text(part);
    if (!Array.isArray(part)) return part;
    const [name, kind, cases] = part;
    if (typeof cases !== 'object' || cases === null) return part;
    const isNumber = (key: string) => key === 'offset';
    return [name, kind, Object.fromEntries(Object.entries(cases).map(([key, one]) => [key, isNumber(key) ? one : pseudo(one)]))];
  }) as T;
}

function text(plain: string): string {
  return plain
    .split(TAG)
    .map((part) => (TAG.test(part) ? part : [...part].map((letter) => BY_LETTER.get(letter) ?? letter).join('')))
    .join('');
}
