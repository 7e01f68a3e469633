import { describe, expect, test } from 'vitest';
import {
  Command,
  CommandBody,
  JoinRequest,
  JoinVersion,
  LANGUAGES,
  Language,
  languageOf,
  may,
  PersonName,
  PresenceUpdate,
  pathProblem,
  REFUSALS,
  roleNeeded,
} from '../src/index.ts';

const file = 'file_12345678';
const edit = { clientSeq: 1, body: { kind: 'edit', file, base: 0, op: [3, 'x'] } };

describe('commands are parsed at the edge', () => {
  test('a good one passes unchanged', () => expect(Command.parse(edit)).toEqual(edit));

  test.each([
    ['null', null],
    ['an unknown kind', { clientSeq: 1, body: { kind: 'sudo' } }],
    ['an extra field', { ...edit, admin: true }],
    ['an extra field inside', { clientSeq: 1, body: { ...edit.body, role: 'host' } }],
    ['no number', { body: edit.body }],
    ['number zero', { ...edit, clientSeq: 0 }],
    ['a fraction', { ...edit, clientSeq: 1.5 }],
    ['an unsafe number', { ...edit, clientSeq: 2 ** 60 }],
    ['a negative base', { clientSeq: 1, body: { ...edit.body, base: -1 } }],
    ['a zero component', { clientSeq: 1, body: { ...edit.body, op: [0, 'x'] } }],
    ['an empty insert', { clientSeq: 1, body: { ...edit.body, op: [''] } }],
    ['a trailing retain', { clientSeq: 1, body: { ...edit.body, op: ['x', 3] } }],
    ['unmerged inserts', { clientSeq: 1, body: { ...edit.body, op: ['x', 'y'] } }],
    ['an op that is an object', { clientSeq: 1, body: { ...edit.body, op: { length: 1, 0: 'x' } } }],
    ['an infinite retain', { clientSeq: 1, body: { ...edit.body, op: [Number.POSITIVE_INFINITY, 'x'] } }],
    ['a file id with a slash', { clientSeq: 1, body: { ...edit.body, file: '../../etc' } }],
    ['carriage returns', { clientSeq: 1, body: { kind: 'file.create', file, path: 'a.py', text: 'a\r\nb' } }],
    ['a hostile path', { clientSeq: 1, body: { kind: 'file.create', file, path: '../a.py', text: '' } }],
    ['a role that links cannot give', { clientSeq: 1, body: { kind: 'link.revoke', role: 'host' } }],
  ])('%s is refused', (_, value) => expect(Command.safeParse(value).success).toBe(false));
});

test('a join of another version can be told apart before it is parsed', () => {
  const future = { protocol: 99, shape: 'unknown' };
  expect(JoinVersion.parse(future).protocol).toBe(99);
  expect(JoinRequest.safeParse(future).success).toBe(false);
});

test('presence needs a clock that grows from 1 and whole positions', () => {
  const cursor = { file, version: 0, anchor: 1, head: 2 };
  expect(PresenceUpdate.safeParse({ clock: 1, cursor }).success).toBe(true);
  expect(PresenceUpdate.safeParse({ clock: 0, cursor }).success).toBe(false);
  expect(PresenceUpdate.safeParse({ clock: 1, cursor: { ...cursor, head: -1 } }).success).toBe(false);
});

test.each(['', '   ', 'x'.repeat(41), 'a\u202Eb', 'a\u200Bb', 'a\nb'])('the name %j is refused', (name) => {
  expect(PersonName.safeParse(name).success).toBe(false);
});

test('every command has a least role; viewers change nothing but themselves', () => {
  const kinds = CommandBody.options.map((option) => option.shape.kind.value);
  expect(kinds.filter((kind) => may('viewer', kind)).sort()).toEqual(['member.update', 'role.request']);
  for (const kind of kinds) {
    expect(may('host', kind)).toBe(true);
    expect(may('editor', kind)).toBe(roleNeeded(kind) !== 'host');
  }
});

test('every refusal is a sentence that ends', () => {
  for (const sentence of Object.values(REFUSALS)) expect(sentence).toMatch(/^[A-Z].*\.$/);
});

test('each language starts from a file that it runs', () => {
  for (const language of Language.options) {
    const { entry, starter } = LANGUAGES[language];
    expect(languageOf(entry)).toBe(language);
    expect(pathProblem(entry)).toBeNull();
    expect(starter.endsWith('\n')).toBe(true);
  }
  expect(languageOf('README.md')).toBeNull();
});
