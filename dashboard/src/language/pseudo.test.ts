import { expect, test } from 'vitest';
import { pseudoTexts } from './pseudo';

test('letters change; names of values, tags and cases stay', () => {
  const texts = pseudoTexts({
    plain: 'Sign out',
    tagged: ['Open <0>the list</0> of ', ['name']],
    plural: [['count', 'plural', { one: ['#', ' row'], other: ['#', ' rows'] }]],
  } as never);
  expect(texts.plain).toBe('Šíĝñ óúť');
  expect(texts.tagged).toEqual(['Óƥéñ <0>ťĥé łíšť</0> óƒ ', ['name']]);
  expect(texts.plural).toEqual([['count', 'plural', { one: ['#', ' ɋóŵ'.replace('ɋ', 'ř')], other: ['#', ' řóŵš'] }]]);
});
