// The language of the page. It is decided once, before the first paint (public/assets/color-scheme.js); another choice loads the page again.
import { i18n, type Messages } from '@lingui/core';
import { LANGUAGES } from './languages';

/** Where the choice of a person is kept; color-scheme.js reads it. */
const KEY = 'roster-language';
// Each catalogue is a file that is loaded when it is needed.
const FILES = import.meta.glob<{ messages: Messages }>('../locales/*/*.po');

/** The tag of the language of the page, such as `de`. */
export function language(): string {
  const tag = typeof document === 'undefined' ? undefined : document.documentElement.dataset.language;
  return tag && Object.hasOwn(LANGUAGES, tag) ? tag : 'en';
}

/** Whether the page is read from right to left. */
export function direction(): 'ltr' | 'rtl' {
  return LANGUAGES[language()]?.dir ?? 'ltr';
}

/** For `Intl`: the language of the texts, with the region of the reader. It decides the order of a date, such as 24 Nov or Nov 24. */
export function formatLocale(): string {
  const tag = language();
  const region =
    typeof navigator === 'undefined' ? undefined : navigator.languages?.find((wanted) => wanted.split('-')[0] === tag);
  return region ?? LANGUAGES[tag]?.formats ?? 'en-GB';
}

/** Makes the texts ready that the first page needs. Nothing is rendered before. */
export async function startTexts(): Promise<void> {
  const messages = await load('start');
  i18n.loadAndActivate({ locale: language(), locales: formatLocale(), messages });
}

let rest: Promise<void> | null = null;

/** Loads all other texts, once. */
export function restOfTexts(): Promise<void> {
  rest ??= load('more').then(
    (messages) => i18n.load(language(), messages),
    (error: unknown) => {
      rest = null;
      throw error;
    },
  );
  return rest;
}

/** Uses another language from now on, in this browser. The page is loaded again, and asks before input is lost. */
export function chooseLanguage(tag: string): void {
  try {
    localStorage.setItem(KEY, tag);
  } catch {
    // A browser that keeps nothing for us: its own language stays.
  }
  location.reload();
}

async function load(part: 'start' | 'more'): Promise<Messages> {
  const tag = language();
  const isPseudo = tag.startsWith('pseudo');
  const file = FILES[`../locales/${isPseudo ? 'en' : tag}/${part}.po`];
  if (!file) throw new Error(`there are no texts in ${tag}`);
  const { messages } = await file();
  return isPseudo ? (await import('./pseudo')).pseudoTexts(messages) : messages;
}
