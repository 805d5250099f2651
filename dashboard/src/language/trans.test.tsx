import { setupI18n } from '@lingui/core';
import { I18nProvider } from '@lingui/react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { Trans } from './trans';

const i18n = setupI18n({ locale: 'en', messages: { en: { x: ['Hello ', ['name'], ', <0>read this</0>'] } } });

const shown = (name: string) =>
  renderToStaticMarkup(
    <I18nProvider i18n={i18n}>
      <Trans id="x" values={{ name }} components={{ 0: <b /> }} />
    </I18nProvider>,
  );

test('what looks like an element in a value is text', () => {
  expect(shown('Ada')).toBe('Hello Ada, <b>read this</b>');
  for (const name of ['<0>Ada</0>', '<0/>', '<1/>', '<script>alert(1)</script>', '</0>', '<'])
    expect(shown(name)).toBe(`Hello ${name.replaceAll('<', '&lt;').replaceAll('>', '&gt;')}, <b>read this</b>`);
});
