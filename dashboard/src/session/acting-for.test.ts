import { expect, test } from 'vitest';
import { actFor, actingFor, actingForHeader, showsViewer, withActingFor } from './acting-for';

test('a page says nothing until it knows whom it shows, and the same from then on', () => {
  expect(actingForHeader()).toEqual({});
  expect(withActingFor('/users/export?search=a')).toBe('/users/export?search=a');
  expect(showsViewer()).toBe(false);
  actFor('ada');
  actFor('eve');
  actFor(null);
  expect(actingFor()).toBe('ada');
  expect(showsViewer()).toBe(true);
  expect(actingForHeader()).toEqual({ 'roster-acting-for': 'ada' });
  expect(withActingFor('/users/export?search=a')).toBe('/users/export?search=a&acting_for=ada');
  expect(withActingFor('/sign-in/google')).toBe('/sign-in/google?acting_for=ada');
});

test('a request may act for another person than the page, or for no one', () => {
  expect(actingForHeader('eve')).toEqual({ 'roster-acting-for': 'eve' });
});
