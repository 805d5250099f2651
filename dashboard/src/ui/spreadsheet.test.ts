import { expect, test } from 'vitest';
import { listSeparator, spreadsheetParameters } from './spreadsheet';

test('regions with a decimal comma separate by semicolons', () => {
  expect(['en-GB', 'ja-JP', 'de-CH'].map((locale) => listSeparator(locale))).toEqual([',', ',', ',']);
  expect(['de-DE', 'fr-FR', 'pl-PL', 'pt-BR'].map((locale) => listSeparator(locale))).toEqual([';', ';', ';', ';']);
});

test('an export for a spreadsheet has a byte order mark', () => {
  expect(new URLSearchParams(spreadsheetParameters('de-DE')).toString()).toBe('bom=true&separator=semicolon');
});
