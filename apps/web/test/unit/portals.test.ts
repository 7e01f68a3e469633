import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';

const SRC = path.join(import.meta.dirname, '../../src');

const sources = fs
  .readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.tsx?$/.test(name))
  .map((name) => ({ name, text: fs.readFileSync(path.join(SRC, name), 'utf8') }));

describe('what lies over the page', () => {
  const portals = sources.flatMap(({ name, text }) =>
    [...text.matchAll(/<\w+\.Portal\b[^>]*>\s*<([\w.]+)/g)].map(({ 1: first }) => ({ name, first })),
  );

  test('keeps its events from the component that it was opened from', () => {
    expect(portals.length).toBeGreaterThanOrEqual(7);
    expect(portals.filter(({ first }) => first !== 'EventBoundary')).toEqual([]);
  });

  test('is made in no other way', () => {
    const others = sources.filter(({ text }) => /createPortal|<Portal\b/.test(text));
    expect(others.map(({ name }) => name)).toEqual([]);
  });
});
