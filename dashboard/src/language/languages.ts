// The languages of the dashboard. docs/languages.md says how to add one.

export interface Language {
  /** What its speakers call it, for the menu. None for a language of tests, which no menu offers. */
  name?: string;
  dir: 'ltr' | 'rtl';
  /** The tag for `<html lang>` if it is another one. */
  lang?: string;
  /** Whose dates, numbers and lists are used where the browser names no region. */
  formats: string;
}

/** By their tag, which is the folder of their catalogues. */
export const LANGUAGES: Record<string, Language> = {
  en: { name: 'English', dir: 'ltr', formats: 'en-GB' },
  de: { name: 'Deutsch', dir: 'ltr', formats: 'de-DE' },
  // English with other letters: text that is not in a catalogue stands out. Dates and numbers have no Latin letters, either.
  pseudo: { dir: 'ltr', lang: 'en-x-pseudo', formats: 'ja-JP' },
  'pseudo-rtl': { dir: 'rtl', lang: 'en-x-pseudo', formats: 'ar-EG' },
};

/** The languages that a person may choose, with their tags. */
export const CHOICES = Object.entries(LANGUAGES).flatMap(([tag, { name }]) => (name ? [{ tag, name }] : []));

/** What the speakers of a language call it, by its tag or as the API writes it (`DE`). */
export const languageName = (tag: string) => LANGUAGES[tag.toLowerCase()]?.name ?? tag;
