import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import * as protocol from '../src/index.ts';
import { CreateFile, PersonName, TypeIntoRun, unreadable, wellFormed } from '../src/index.ts';

const HALVES = ['\ud83d', '\ude00', 'a\ud83d', '\ude00b', 'a\ude00\ud83db', ...lengths(70)];

function lengths(most: number): string[] {
  return Array.from({ length: most }, (_, length) => `${'x'.repeat(length)}\ud83d`);
}

/** Calls `visit` for every schema inside `schema` that takes text, with the way to it. */
function walk(
  schema: z.core.$ZodType,
  path: string,
  visit: (leaf: z.core.$ZodType, path: string) => void,
): void {
  const { def } = schema._zod as unknown as { def: z.core.$ZodTypes['_zod']['def'] };
  switch (def.type) {
    case 'object':
      for (const [key, inner] of Object.entries(def.shape)) walk(inner, `${path}.${key}`, visit);
      return;
    case 'array':
      walk(def.element, `${path}[]`, visit);
      return;
    case 'record':
      walk(def.keyType, `${path} key`, visit);
      walk(def.valueType, `${path}{}`, visit);
      return;
    case 'union':
      for (const option of def.options) walk(option, path, visit);
      return;
    case 'nullable':
    case 'optional':
    case 'default':
    case 'readonly':
      walk(def.innerType, path, visit);
      return;
    case 'string':
    case 'custom':
      visit(schema, path);
      return;
    case 'number':
    case 'boolean':
    case 'literal':
    case 'enum':
    case 'null':
      return;
    default:
      throw new Error(`${path}: this test does not know what text a schema of type ${def.type} takes`);
  }
}

/** What comes from clients is parsed strictly; a schema that is not strict is of what the server says. */
function fromClients(): [string, z.ZodObject][] {
  return Object.entries(protocol).flatMap(([name, value]): [string, z.ZodObject][] =>
    value instanceof z.ZodObject && value.def.catchall?._zod.def.type === 'never' ? [[name, value]] : [],
  );
}

describe('no text of a client has half of a character', () => {
  test('all that the server parses is walked', () => {
    const names = fromClients().map(([name]) => name);
    const expected = ['Command', 'JoinRequest', 'PresenceUpdate', 'HashCheck', 'DivergenceReport'];
    expect(names).toEqual(expect.arrayContaining([...expected, 'UpdateMe', 'CreateRoom']));
  });

  test.each(fromClients())('%s', (name, schema) => {
    const passed: string[] = [];
    walk(schema, name, (leaf, path) => {
      for (const half of HALVES) {
        for (const value of [half, [half], { text: half }]) {
          if (z.safeParse(leaf, value).success) passed.push(`${path} takes ${JSON.stringify(value)}`);
        }
      }
    });
    expect(passed).toEqual([]);
  });
});

test('a field that takes any string is found', () => {
  const found: string[] = [];
  walk(z.strictObject({ deep: z.array(z.object({ note: z.string().optional() })) }), 'Note', (leaf, path) => {
    if (z.safeParse(leaf, HALVES[0]).success) found.push(path);
  });
  expect(found).toEqual(['Note.deep[].note']);
});

describe('whole characters pass', () => {
  test.each(['😀', 'é', '�', '\u0000'])('%j', (text) => {
    const file = 'file_12345678';
    expect(CreateFile.safeParse({ kind: 'file.create', file, path: 'a.py', text }).success).toBe(true);
    expect(TypeIntoRun.safeParse({ kind: 'run.input', run: file, text, eof: false }).success).toBe(true);
  });

  test('a name with an emoji', () => expect(PersonName.parse(' Ada 😀 ')).toBe('Ada 😀'));
});

test('the page puts U+FFFD for each half, however deep, and leaves the rest as it is', () => {
  const value = { a: ['😀\ud83d', 1, null, { b: '\ude00x' }], c: true, d: undefined };
  expect(wellFormed(value)).toEqual({ a: ['😀\ufffd', 1, null, { b: '\ufffdx' }], c: true, d: undefined });
});

describe('a refusal names the half of a character', () => {
  test.each([
    ['in an edit', { clientSeq: 1, body: { kind: 'edit', op: [3, 'x\ud83d'] } }, 'U+D83D'],
    ['deep inside', [[[{ name: 'a😀b\ude00' }]]], 'U+DE00'],
    ['the first of several', { a: '\udc00', b: '\ud83d' }, 'U+DC00'],
  ])('%s', (_, message, name) => {
    const { code, message: sentence } = unreadable(message);
    expect(code).toBe('text.half');
    expect(sentence).toContain(name);
  });

  test.each([null, 'x', 12, { body: { kind: 'sudo' } }, ['😀']])('and nothing else: %j', (message) => {
    expect(unreadable(message).code).toBe('protocol.malformed');
  });

  test('however deep a message is', () => {
    let deep: unknown = '\ud83d';
    for (let i = 0; i < 100_000; i++) deep = [deep];
    expect(unreadable(deep).code).toBe('text.half');
  });
});
