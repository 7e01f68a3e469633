// Prettier as the page's worker has it: each language with the plugins that it needs.
import { expect, test } from 'vitest';
import { formatterOf, type Parser } from '../../../src/features/formatting/formatters.ts';
import { prettified } from '../../../src/features/formatting/prettier.ts';

const SOME: readonly (readonly [file: string, text: string, formatted: string])[] = [
  ['main.js', "const a = {b:'c'}", 'const a = { b: "c" };\n'],
  ['view.jsx', 'const a = <b  c="d"/>', 'const a = <b c="d" />;\n'],
  ['lib/a.ts', 'let a:string|undefined', 'let a: string | undefined;\n'],
  ['view.tsx', 'let a:A=<b/>', 'let a: A = <b />;\n'],
  ['package.json', '{"a":[1,2]}', '{ "a": [1, 2] }\n'],
  ['some.jsonc', '{"a":1, // one\n}', '{\n  "a": 1, // one\n}\n'],
  ['a.css', 'a{color:red}', 'a {\n  color: red;\n}\n'],
  ['a.scss', 'a{b{color:$c}}', 'a {\n  b {\n    color: $c;\n  }\n}\n'],
  ['a.less', 'a{color:@c}', 'a {\n  color: @c;\n}\n'],
  ['INDEX.HTML', '<p>a<script>let a=1</script>', '<p>a</p>\n<script>\n  let a = 1;\n</script>\n'],
  ['README.md', '* a\n* b\n```js\nlet a=1\n```', '- a\n- b\n\n```js\nlet a=1\n```\n'],
  ['a.yml', 'a:   {b: 1}', 'a: { b: 1 }\n'],
];

/** A file for which nobody has chosen a language. */
const named = (path: string) => ({ path, language: null });

function parserOf(path: string): Parser {
  const formatter = formatterOf(named(path));
  if (formatter?.place !== 'page') throw new Error(`${path} is not formatted in the page`);
  return formatter.parser;
}

test.each(SOME)('%s is formatted', async (path, text, formatted) => {
  const result = await prettified({ parser: parserOf(path), text });
  if (path === 'INDEX.HTML')
    expect(result).toMatchObject({ ok: true, text: expect.stringContaining('let a = 1;') });
  else expect(result).toEqual({ ok: true, text: formatted });
});

test.each([
  ['main.js', 'let a = 1;\nlet = = 2;\n', 2],
  ['a.ts', 'let a: = 1', 1],
  ['a.json', '{\n"a": 1,\n"b" 2}', 3],
  ['a.css', 'a {\n  color: red;\n', 1],
  ['a.yaml', 'a: 1\nb: [1,\n', 3],
])('what cannot be read in %s is told with its line', async (path, text, line) => {
  const result = await prettified({ parser: parserOf(path), text });
  expect(result).toEqual({ ok: false, line, words: expect.stringMatching(/^[^\n]+[^)]$/) });
});

test('the languages of the sandbox go there, and what nobody formats has no formatter', () => {
  expect(formatterOf(named('main.py'))).toEqual({ place: 'sandbox', language: 'python' });
  expect(formatterOf(named('lib/a.go'))).toEqual({ place: 'sandbox', language: 'go' });
  expect(formatterOf(named('a.rs'))).toEqual({ place: 'sandbox', language: 'rust' });
  for (const path of ['Makefile', 'a.txt', 'py', 'a.py.bak', '.js/a'])
    expect(formatterOf(named(path))).toBeNull();
});

test('a language that was chosen says more than the name', () => {
  expect(formatterOf({ path: 'script', language: 'python' })).toEqual({
    place: 'sandbox',
    language: 'python',
  });
  expect(formatterOf({ path: 'a.txt', language: 'yaml' })).toEqual({ place: 'page', parser: 'yaml' });
  expect(formatterOf({ path: 'main.py', language: 'plaintext' })).toBeNull();
});
