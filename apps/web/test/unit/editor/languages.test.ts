import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FileLanguage, LANGUAGES, Language } from '@codesync/protocol';
import { describe, expect, test } from 'vitest';
import { indentOf } from '../../../src/editor/indent.ts';
import { FILE_LANGUAGES, fileLanguageOf, labelOf } from '../../../src/editor/languages.ts';

const byName = (path: string) => fileLanguageOf({ path, language: null });

describe('the language of a file in the editor', () => {
  test.each([
    ['main.py', 'python'],
    ['lib/Main.GO', 'go'],
    ['docs/README.md', 'markdown'],
    ['Dockerfile', 'dockerfile'],
    ['a.config/x', 'plaintext'],
    ['script', 'plaintext'],
    ['types.d.ts', 'typescript'],
    ['app.mjs', 'javascript'],
  ])('%s is %s by its name', (path, language) => {
    expect(byName(path)).toBe(language);
  });

  test('is the chosen one, whatever its name says', () => {
    expect(fileLanguageOf({ path: 'main.py', language: 'sql' })).toBe('sql');
    expect(fileLanguageOf({ path: 'main.py', language: 'plaintext' })).toBe('plaintext');
  });

  test('is by its name one that runs it, if any does', () => {
    for (const language of Language.options)
      for (const ending of LANGUAGES[language].extensions) expect(byName(`x${ending}`)).toBe(language);
  });

  test('is offered once each, under a name of its own', () => {
    expect(FILE_LANGUAGES.toSorted()).toEqual(FileLanguage.options.toSorted());
    expect(new Set(FILE_LANGUAGES.map(labelOf)).size).toBe(FILE_LANGUAGES.length);
  });

  test('has colours: Monaco’s definitions are loaded, and those of no other', () => {
    const monaco = readFileSync(join(import.meta.dirname, '../../../src/editor/monaco.ts'), 'utf8');
    const loaded = [...monaco.matchAll(/languages\/definitions\/(\w+)\/register/g)].map(([, id]) => id);
    // Monaco has C with C++, plain text in itself, and JSON is the editor's own.
    expect([...loaded, 'c', 'plaintext', 'json'].toSorted()).toEqual(FileLanguage.options.toSorted());
  });

  test('decides on tabs, as Go’s formatter does', () => {
    const spaces = { size: 4, tabs: false };
    expect(indentOf({ path: 'script', language: 'go' }, spaces).tabs).toBe(true);
    expect(indentOf({ path: 'main.go', language: null }, spaces).tabs).toBe(true);
    expect(indentOf({ path: 'main.go', language: 'markdown' }, spaces).tabs).toBe(false);
  });
});
