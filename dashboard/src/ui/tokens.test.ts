import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const css = readFileSync(path.join(import.meta.dirname, 'tokens.css'), 'utf8');

/** The colours of a scheme, by their names without the prefix. */
function colorsOf(scheme: string): Map<string, string> {
  const block = css.split(`[data-mantine-color-scheme="${scheme}"] {`)[1]?.split('\n}')[0] ?? '';
  return new Map([...block.matchAll(/--roster-([a-z-]+): (#[0-9a-f]{6});/g)].map(([, name = '', color = '']) => [name, color]));
}

/** The contrast of two colours, as WCAG 2.2 defines it: from 1 to 21. */
function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

const SURFACES = ['back', 'card', 'side-back', 'hover', 'selected'];
const SOFT = ['blue', 'green', 'orange', 'red', 'gray', 'violet', 'teal'];

// Each text with the backgrounds that it is shown on.
const TEXTS: Record<string, string[]> = {
  text: [...SURFACES, ...SOFT.map((color) => `${color}-soft`)],
  dimmed: SURFACES,
  placeholder: ['card'],
  link: [...SURFACES, 'gray-soft'],
  'on-accent': ['accent', 'accent-hover'],
  'on-danger': ['danger', 'danger-hover'],
  'toast-text': ['toast'],
  'toast-link': ['toast'],
  ...Object.fromEntries(SOFT.map((color) => [`${color}-text`, [`${color}-soft`, ...SURFACES]])),
};

// What is no text: edges of inputs, the ring of the focus, filled buttons, signs in messages.
const SHAPES: Record<string, string[]> = {
  edge: ['card', 'back', 'side-back'],
  focus: SURFACES,
  accent: ['card', 'back'],
  danger: ['card', 'back'],
  'toast-good': ['toast'],
  'toast-bad': ['toast'],
  toast: ['back', 'card'],
};

const DECORATION = ['line', 'back', 'card', 'side-back', 'hover', 'selected', 'accent-hover', 'danger-hover'];

for (const scheme of ['light', 'dark']) {
  const colors = colorsOf(scheme);
  const pairs = [
    ...Object.entries(TEXTS).flatMap(([text, backs]) => backs.map((back) => [text, back, 4.5] as const)),
    ...Object.entries(SHAPES).flatMap(([shape, backs]) => backs.map((back) => [shape, back, 3] as const)),
  ];

  test.each(pairs)(`${scheme}: %s on %s has a contrast of at least %f`, (front, back, least) => {
    const [one, other] = [colors.get(front), colors.get(back)];
    expect(one, front).toBeDefined();
    expect(other, back).toBeDefined();
    expect(contrast(one ?? '', other ?? '')).toBeGreaterThanOrEqual(least);
  });

  test(`${scheme}: every colour is part of a pair`, () => {
    const known = [...Object.keys(TEXTS), ...Object.keys(SHAPES), ...DECORATION, ...SOFT.map((color) => `${color}-soft`)];
    expect([...colors.keys()].filter((name) => !known.includes(name))).toEqual([]);
  });
}

test('both schemes have the same colours', () => {
  expect([...colorsOf('dark').keys()].sort()).toEqual([...colorsOf('light').keys()].sort());
});

test('black on white has a contrast of 21', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21);
});
