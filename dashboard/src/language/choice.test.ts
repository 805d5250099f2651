import { readFileSync } from 'node:fs';
import vm from 'node:vm';
import { expect, test } from 'vitest';
import { LANGUAGES } from './languages';

const script = readFileSync(new URL('../../public/assets/color-scheme.js', import.meta.url), 'utf8');

/** What the script that runs before the first paint makes of a choice and of the languages of a browser. */
function decided(chosen: string | null, languages: string[]) {
  const page = {
    dataset: { languages: JSON.stringify(LANGUAGES) } as Record<string, string>,
    setAttribute() {},
    toggleAttribute() {},
  };
  vm.runInNewContext(script, {
    document: { documentElement: page },
    localStorage: { getItem: (key: string) => (key === 'roster-language' ? chosen : null) },
    location: { pathname: '/users' },
    matchMedia: () => ({ matches: false }),
    navigator: { languages },
  });
  return { ...page, language: page.dataset.language } as unknown as { language: string; lang: string; dir: string };
}

test('what a person chose is used, then what the browser asks for, then English', () => {
  expect(decided('de', ['en-US']).language).toBe('de');
  expect(decided(null, ['de-AT', 'en']).language).toBe('de');
  expect(decided(null, ['fr', 'de']).language).toBe('de');
  expect(decided(null, ['fr', 'nl']).language).toBe('en');
});

test('a choice that there are no texts for any more is not used', () => {
  expect(decided('tlh', ['de']).language).toBe('de');
  expect(decided('toString', []).language).toBe('en');
});

test('the page says its language and its direction', () => {
  expect(decided('de', [])).toMatchObject({ lang: 'de', dir: 'ltr' });
  expect(decided('pseudo-rtl', [])).toMatchObject({ lang: 'en-x-pseudo', dir: 'rtl' });
});

test('no browser asks for a language of tests', () => {
  expect(decided(null, ['pseudo']).language).toBe('en');
});
