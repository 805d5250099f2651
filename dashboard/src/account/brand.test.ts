import { expect, test } from 'vitest';
import { colorOf, logoType, readLogo, textOn } from './brand';

test('a color has six digits', () => {
  expect(colorOf(' #1864AB ')).toBe('#1864ab');
  for (const text of ['', '#', '1864ab', '#1864a', '#1864abc', 'red', '#12345g', '#12345;']) expect(colorOf(text)).toBeNull();
});

test('text on a color is black or white, as the server decides', () => {
  const cases = { '#0b7285': '#ffffff', '#1864ab': '#ffffff', '#ffe066': '#000000', '#ffffff': '#000000', '#000000': '#ffffff' };
  for (const [color, text] of Object.entries(cases)) expect(textOn(color)).toBe(text);
});

test('a logo is known by its content', async () => {
  const bytes = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));
  expect(logoType(bytes('\x89PNG\r\n\x1a\n…'))).toBe('image/png');
  expect(logoType(bytes('\xff\xd8\xff\xe0'))).toBe('image/jpeg');
  expect(logoType(bytes('RIFF\x1a\0\0\0WEBPVP8X'))).toBe('image/webp');
  for (const text of ['', '<svg/>', 'GIF89a', 'RIFF\0\0\0\0WAVE']) expect(logoType(bytes(text))).toBeNull();
  expect(await readLogo(new Blob(['<svg/>'], { type: 'image/png' }))).toBe('INVALID_LOGO');
  expect(await readLogo(new Blob([new Uint8Array(65_537)]))).toBe('LOGO_TOO_LARGE');
  expect(await readLogo(new Blob([bytes('\xff\xd8\xff')]))).toEqual({ base64: '/9j/', url: 'data:image/jpeg;base64,/9j/' });
});
