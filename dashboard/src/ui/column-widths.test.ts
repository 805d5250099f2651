import { expect, test } from 'vitest';
import { cssWidth, LEFT_FOR_OTHERS, remainsFor, type Sized, widthIn } from './column-widths';

const person: Sized = {};
const status: Sized = { width: 11, min: 10 };
const role: Sized = { width: 30, min: 5 };
const actions: Sized = { width: 3.5 };
const columns = [person, status, role, actions];
const widths = (table: number) => columns.slice(1).map((column) => widthIn(table, column, columns));

test('where there is room, each column is as wide as it should be', () => {
  expect(widths(LEFT_FOR_OTHERS + 44.5)).toEqual([11, 30, 3.5]);
  expect(widths(200)).toEqual([11, 30, 3.5]);
});

test('where there is less, what can shrink most shrinks most, and the person keeps the same', () => {
  const shown = widths(LEFT_FOR_OTHERS + 31.5);
  expect(shown).toEqual([10.5, 17.5, 3.5]);
});

test('no column is narrower than its content needs, however little room there is', () => {
  expect(widths(LEFT_FOR_OTHERS + 18.5)).toEqual([10, 5, 3.5]);
  expect(widths(5)).toEqual([10, 5, 3.5]);
});

test('the styles say the same', () => {
  expect(cssWidth(actions, columns)).toBe('3.5rem');
  expect(cssWidth({ width: 8 }, [person, { width: 8 }])).toBe('8rem');
  expect(cssWidth(role, [person, role])).toBe('clamp(5rem, 5rem + (100cqi - 22rem) * 1, 30rem)');
});

test('a column can be made as wide as the others leave room', () => {
  expect(remainsFor(LEFT_FOR_OTHERS + 34.5, role, columns)).toBe(20);
  expect(remainsFor(20, role, columns)).toBe(5);
});
