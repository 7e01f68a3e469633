import { describe, expect, test } from 'vitest';
import {
  Command,
  CommandBody,
  JoinRequest,
  JoinVersion,
  JUST_HERE,
  LANGUAGES,
  Language,
  LIMITS,
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

describe('presence', () => {
  const span = { anchor: 1, head: 2 };
  const cursors = { file, version: 0, spans: [span] };
  const viewport = { file, version: 0, from: 0, to: 9 };
  const update = { clock: 1, cursors, viewport, activity: JUST_HERE };
  const many = (count: number) => ({ ...cursors, spans: Array.from({ length: count }, () => span) });

  test.each([
    ['a cursor', update],
    ['as many cursors as one may have', { ...update, cursors: many(LIMITS.cursors) }],
    ['no cursor', { ...update, cursors: null }],
    ['nothing in sight', { ...update, viewport: null }],
  ])('may have %s', (_, value) => expect(PresenceUpdate.safeParse(value).success).toBe(true));

  test.each([
    ['a clock below 1', { ...update, clock: 0 }],
    ['cursors of nowhere', { ...update, cursors: many(0) }],
    ['more cursors than one may have', { ...update, cursors: many(LIMITS.cursors + 1) }],
    ['a place before the text', { ...update, cursors: { ...cursors, spans: [{ ...span, head: -1 }] } }],
    ['half a place', { ...update, cursors: { ...cursors, spans: [{ ...span, head: 0.5 }] } }],
    ['no activity', { clock: 1, cursors, viewport }],
    ['nothing said of what is in sight', { clock: 1, cursors, activity: JUST_HERE }],
    ['a sight that begins before the text', { ...update, viewport: { ...viewport, from: -1 } }],
    ['a sight that is a text', { ...update, viewport: { ...viewport, text: 'x' } }],
    ['a person with a slash', { ...update, activity: { ...JUST_HERE, following: '../ada' } }],
    ['an activity of its own making', { ...update, activity: { ...JUST_HERE, mood: 'fine' } }],
    ['an attention that there is not', { ...update, activity: { ...JUST_HERE, attention: 'asleep' } }],
    ['a terminal with a slash', { ...update, activity: { ...JUST_HERE, terminal: '../../etc' } }],
  ])('may not have %s', (_, value) => expect(PresenceUpdate.safeParse(value).success).toBe(false));
});

test.each(['', '   ', 'x'.repeat(41), 'a\u202Eb', 'a\u200Bb', 'a\nb'])('the name %j is refused', (name) => {
  expect(PersonName.safeParse(name).success).toBe(false);
});

test('every command has a least role; viewers change nothing but comments, the chat and themselves', () => {
  const kinds = CommandBody.options.map((option) => option.shape.kind.value);
  expect(kinds.filter((kind) => may('viewer', kind)).sort()).toEqual([
    'chat.delete',
    'chat.edit',
    'chat.react',
    'chat.send',
    'comment.delete',
    'comment.edit',
    'comment.open',
    'comment.reopen',
    'comment.reply',
    'comment.resolve',
    'member.update',
    'role.request',
  ]);
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
    expect(languageOf({ path: entry, language: null })).toBe(language);
    expect(pathProblem(entry)).toBeNull();
    expect(starter.endsWith('\n')).toBe(true);
  }
  expect(languageOf({ path: 'README.md', language: null })).toBeNull();
});

test('a chosen language counts, whatever the file’s name says', () => {
  expect(languageOf({ path: 'script', language: 'python' })).toBe('python');
  expect(languageOf({ path: 'main.py', language: 'go' })).toBe('go');
  expect(languageOf({ path: 'main.py', language: 'markdown' })).toBeNull();
  expect(languageOf({ path: 'script', language: null })).toBeNull();
});
