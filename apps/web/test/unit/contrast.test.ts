/// <reference types="node" />
import { readFileSync } from 'node:fs';
import { type Color, inGamut, parse, wcagContrast } from 'culori';
import { describe, expect, test } from 'vitest';

const css = readFileSync(new URL('../../src/styles/tokens.css', import.meta.url), 'utf8');

function tokensIn(selector: string): Map<string, Color> {
  const start = css.indexOf(`${selector} {`);
  const block = css.slice(start, css.indexOf('\n}', start));
  const tokens = new Map<string, Color>();
  for (const [, name, value] of block.matchAll(/--([a-z0-9-]+): (oklch\([^)]+\));/g)) {
    tokens.set(name!, parse(value!)!);
  }
  return tokens;
}

const themes = [
  { name: 'light', tokens: tokensIn(':root') },
  { name: 'dark', tokens: tokensIn(':root[data-theme="dark"]') },
];

const SURFACES = ['surface-0', 'surface-1', 'surface-2'];
const people = Array.from({ length: 12 }, (_, i) => `person-${i}`);
const ansi = Array.from({ length: 16 }, (_, i) => `ansi-${i}`);

/** Foreground, backgrounds on which it is used, least contrast. */
const PAIRS: readonly [string, readonly string[], number][] = [
  ['text-1', [...SURFACES, 'surface-3', 'accent-soft', 'selection', 'warning-soft', 'danger-soft'], 4.5],
  ['text-2', [...SURFACES, 'surface-3', 'accent-soft', 'warning-soft', 'danger-soft', 'success-soft'], 4.5],
  ['text-3', SURFACES, 4.5],
  ...['accent', 'danger', 'warning', 'success'].map((name): [string, readonly string[], number] => [
    name,
    [...SURFACES, `${name}-soft`],
    4.5,
  ]),
  ['on-accent', ['accent', 'accent-hover'], 4.5],
  ['line-strong', SURFACES, 3],
  ...people.map((name): [string, readonly string[], number] => [name, SURFACES, 3]),
  ['on-person', people, 4.5],
  ...ansi.map((name): [string, readonly string[], number] => [name, ['surface-0'], 4.5]),
];

describe.each(themes)('the $name theme', ({ tokens }) => {
  test.each(PAIRS)('%s is legible where it is used', (name, backgrounds, least) => {
    for (const background of backgrounds) {
      const ratio = wcagContrast(tokens.get(name)!, tokens.get(background)!);
      expect(ratio, `${name} on ${background}`).toBeGreaterThanOrEqual(least);
    }
  });

  test('people have 12 hues of equal lightness and chroma, all of them colours a screen can show', () => {
    const colours = people.map((name) => tokens.get(name)!);
    expect(new Set(colours.map(({ l }) => l)).size).toBe(1);
    expect(new Set(colours.map(({ c }) => c)).size).toBe(1);
    expect(new Set(colours.map(({ h }) => h)).size).toBe(12);
    const shown = inGamut('rgb');
    expect(people.filter((name) => !shown(tokens.get(name)!))).toEqual([]);
  });
});

test('both themes have the same names', () => {
  expect([...themes[0]!.tokens.keys()]).toEqual([...themes[1]!.tokens.keys()]);
});
