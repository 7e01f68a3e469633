/// <reference types="node" />
import { globSync, readFileSync } from 'node:fs';
import { BlobHash, type Run } from '@codesync/protocol';
import { fileId } from '@codesync/protocol/testing';
import type { FileEntry } from '@codesync/room';
import { describe, expect, test } from 'vitest';
import { type PanelPlace, type Panels, seenPanels } from '../../src/desk/panels.ts';
import { stepFontSize } from '../../src/desk/settings.ts';
import { type KeyPress, matches, shown, typesCharacter } from '../../src/desk/shortcuts.ts';
import {
  closeOthers,
  closeTab,
  goToTab,
  keepTab,
  keepTabs,
  NO_TABS,
  neighbourTab,
  openTab,
  previewTab,
} from '../../src/desk/tabs.ts';
import { otherTheme } from '../../src/desk/theme.ts';
import {
  folderOf,
  inWords,
  isShown,
  nameOfCopy,
  ROOT,
  type TreeEntry,
  tabName,
  topmost,
  treeNodes,
} from '../../src/features/files/tree.ts';
import { nameProblem } from '../../src/features/identity/identity.ts';
import { invitationWords } from '../../src/features/rooms/invitation.ts';
import { type RecentRoom, withRecent, withWhom } from '../../src/features/rooms/recent.ts';
import { roomNameProblem } from '../../src/features/rooms/room-name.ts';
import { entryFile } from '../../src/features/runs/entry.ts';
import { nextPlace } from '../../src/features/runs/places.ts';
import { reachOf, reachWords } from '../../src/features/share/reach.ts';
import { linkPath, linkProblem, readRoomLink, roomPath, secretIn } from '../../src/link.ts';

const ROOM = 'AbCdEfGhIjKlMnOpQrStUv';

describe('a room link', () => {
  test.each([
    [`https://code.example.org/r/${ROOM}#s3cret`, 's3cret'],
    [`  code.example.org/r/${ROOM}#s3cret \n`, 's3cret'],
    [`/r/${ROOM}`, null],
    [`http://localhost:3000/r/${ROOM}/`, null],
    [ROOM, null],
  ])('is read from %s', (text, secret) => {
    expect(readRoomLink(text)).toEqual({ id: ROOM, secret });
  });

  test.each(['', 'hello', 'https://example.org/', `/r/${ROOM.slice(1)}`, `/r/${ROOM}x`])(
    'is not in %j',
    (text) => {
      expect(readRoomLink(text)).toBeNull();
    },
  );

  test.each([
    ['', /^Paste the link/],
    [`https://code.example.org/r/${ROOM.slice(3)}`, /not whole/],
    ['https://example.org/nothing', /not a link to a room/],
    ['hello', /not a link to a room/],
  ])('that is none is answered in words: %j', (text, words) => {
    expect(readRoomLink(text)).toBeNull();
    expect(linkProblem(text)).toMatch(words);
    expect(linkProblem(text)).not.toMatch(/\d/);
  });

  test('keeps its secret in the fragment', () => {
    expect(roomPath(ROOM, 's3cret')).toBe(`/r/${ROOM}#s3cret`);
    expect(roomPath(ROOM)).toBe(`/r/${ROOM}`);
  });
});

describe('an invitation', () => {
  test('says who invites to what, in which role', () => {
    const words = invitationWords({ room: 'Primes', role: 'viewer', hosts: ['Ada', 'Bob'] });
    expect(words.title).toBe('Ada invites you to “Primes”');
    expect(words.detail).toContain('as a viewer');
    expect(invitationWords({ room: 'Primes', role: 'editor', hosts: [] })).toMatchObject({
      title: 'You are invited to “Primes”',
      detail: expect.stringContaining('as an editor'),
    });
  });

  test('is a link that says what it is for, and old links are as good', () => {
    const secret = 'edit-AbCdEfGhIjKlMnOpQ';
    expect(secret.length).toBe(22);
    expect(linkPath(ROOM, 'editor', secret)).toBe(`/r/${ROOM}#edit-${secret}`);
    expect(linkPath(ROOM, 'viewer', secret)).toBe(`/r/${ROOM}#view-${secret}`);
    for (const fragment of [`#edit-${secret}`, `#view-${secret}`, `#${secret}`])
      expect(secretIn(fragment)).toBe(secret);
    expect(secretIn('')).toBeNull();
    expect(secretIn('#')).toBeNull();
  });

  test.each([
    ['localhost', 'computer'],
    ['code.localhost', 'computer'],
    ['127.0.0.1', 'computer'],
    ['127.8.0.1', 'computer'],
    ['[::1]', 'computer'],
    ['192.168.1.20', 'network'],
    ['10.0.0.4', 'network'],
    ['172.16.0.1', 'network'],
    ['172.32.0.1', 'everywhere'],
    ['100.64.3.1', 'network'],
    ['100.128.3.1', 'everywhere'],
    ['169.254.1.1', 'network'],
    ['[fd12:3456::1]', 'network'],
    ['[fe80::1]', 'network'],
    ['[2001:db8::1]', 'everywhere'],
    ['laptop', 'network'],
    ['laptop.local', 'network'],
    ['203.0.113.7', 'everywhere'],
    ['10.example.org', 'everywhere'],
    ['code.example.org', 'everywhere'],
    ['localhost.example.org', 'everywhere'],
  ] as const)('from %s opens on this: %s', (hostname, reach) => {
    expect(reachOf(hostname)).toBe(reach);
    expect(reachWords(hostname) === null).toBe(reach === 'everywhere');
  });
});

describe('recent rooms', () => {
  const room = (id: string, at = 0): RecentRoom => ({ id, name: id, language: 'go', at, people: [] });

  test('hold each room once, newest first, and not for ever', () => {
    const twice = withRecent(withRecent([room('a'), room('b')], room('b', 5)), room('c', 6));
    expect(twice.map(({ id }) => id)).toEqual(['c', 'b', 'a']);
    const many = Array.from({ length: 30 }, (_, i) => room(String(i))).reduce(
      withRecent,
      [] as readonly RecentRoom[],
    );
    expect(many.length).toBe(12);
    expect(many[0]?.id).toBe('29');
  });

  test('say with whom', () => {
    expect(withWhom([])).toBe('on your own');
    expect(withWhom(['Ada'])).toBe('with Ada');
    expect(withWhom(['Ada', 'Bob', 'Cy', 'Di'])).toBe('with Ada, Bob and 2 more');
  });
});

describe('a name that is too long', () => {
  test('is told to be so, with how long it may be and is', () => {
    expect(roomNameProblem('x'.repeat(93))).toBe(
      'A room’s name can have up to 80 characters; this one has 93.',
    );
    expect(nameProblem('x'.repeat(41))).toBe('A name can have up to 40 characters; this one has 41.');
    expect(nameProblem('Ada')).toBeNull();
  });

  test('is cut off by no field of the page', () => {
    const source = new URL('../../src/', import.meta.url).pathname;
    const files = globSync('**/*.tsx', { cwd: source });
    expect(files.length).toBeGreaterThan(20);
    expect(files.filter((file) => /maxLength/i.test(readFileSync(source + file, 'utf8')))).toEqual([]);
  });
});

describe('tabs', () => {
  const abc = ['a', 'b', 'c'].map(fileId).reduce(openTab, NO_TABS);

  test('open beside the active one, once', () => {
    expect(abc).toEqual({ open: ['a', 'b', 'c'], active: 'c', preview: null });
    expect(openTab({ ...abc, active: fileId('a') }, fileId('d')).open).toEqual(['a', 'd', 'b', 'c']);
    expect(openTab(abc, fileId('c'))).toBe(abc);
  });

  test('give way to their right neighbour, then to the left one', () => {
    expect(closeTab({ ...abc, active: fileId('b') }, fileId('b'))).toMatchObject({
      open: ['a', 'c'],
      active: 'c',
    });
    expect(closeTab(abc, fileId('c'))).toMatchObject({ open: ['a', 'b'], active: 'b' });
    expect(closeTab(abc, fileId('a')).active).toBe('c');
    expect(closeTab({ ...NO_TABS, open: [fileId('a')], active: fileId('a') }, fileId('a'))).toEqual(NO_TABS);
  });

  test('go with the files that the room loses', () => {
    expect(keepTabs(abc, () => true)).toBe(abc);
    expect(keepTabs(abc, (file) => file !== 'c')).toMatchObject({ open: ['a', 'b'], active: 'b' });
  });

  test('are walked round the end', () => {
    expect(neighbourTab(abc, 1)).toBe('a');
    expect(neighbourTab(abc, -1)).toBe('b');
    expect(neighbourTab(NO_TABS, 1)).toBeNull();
  });

  test('that are only previewed give their place to the next preview, and to nothing else', () => {
    const looked = previewTab({ ...abc, active: fileId('a') }, fileId('d'));
    expect(looked).toEqual({ open: ['a', 'd', 'b', 'c'], active: 'd', preview: 'd' });
    expect(previewTab(looked, fileId('e'))).toEqual({
      open: ['a', 'e', 'b', 'c'],
      active: 'e',
      preview: 'e',
    });
    expect(openTab(looked, fileId('e')).open).toEqual(['a', 'd', 'e', 'b', 'c']);
    expect(previewTab(looked, fileId('b'))).toEqual({ ...looked, active: 'b' });
  });

  test('are previews until they are kept, opened for good or closed', () => {
    const looked = previewTab(abc, fileId('d'));
    expect(goToTab(looked, fileId('d'))).toBe(looked);
    expect(keepTab(looked, fileId('d')).preview).toBeNull();
    expect(keepTab(looked, fileId('a'))).toBe(looked);
    expect(openTab(looked, fileId('d'))).toEqual({ ...looked, preview: null });
    expect(closeTab(looked, fileId('d'))).toEqual(abc);
    expect(closeOthers(looked, fileId('d'))).toEqual({ open: ['d'], active: 'd', preview: 'd' });
    expect(closeOthers(looked, fileId('a'))).toEqual({ open: ['a'], active: 'a', preview: null });
  });
});

describe('panels', () => {
  const places: readonly PanelPlace[] = [
    { id: 'files', side: 'left' },
    { id: 'output', side: 'below' },
    { id: 'terminal', side: 'below' },
    { id: 'people', side: 'right' },
    { id: 'chat', side: 'right' },
  ];
  const seen = (panels: Panels, oneSide: boolean) => [...seenPanels(places, panels, oneSide)];
  const all: Panels = { open: {}, front: 'files', frontBelow: 'output', frontRight: 'people' };

  test('are open until they are closed, side by side where there is room', () => {
    expect(seen(all, false)).toEqual(['files', 'output', 'people']);
    expect(seen({ ...all, open: { output: false } }, false)).toEqual(['files', 'people']);
  });

  test('share the place below the code: one is seen at a time, and closing it shows no other', () => {
    expect(seen({ ...all, frontBelow: 'terminal' }, false)).toEqual(['files', 'terminal', 'people']);
    expect(seen({ ...all, frontBelow: 'one that is no more' }, false)).toEqual(['files', 'output', 'people']);
    const closed = { ...all, open: { terminal: false } };
    expect(seen({ ...closed, frontBelow: 'terminal' }, false)).toEqual(['files', 'people']);
    expect(seen(closed, false)).toEqual(['files', 'output', 'people']);
  });

  test('share the place to the right of the code in the same way', () => {
    expect(seen({ ...all, frontRight: 'chat' }, false)).toEqual(['files', 'output', 'chat']);
    const closed = { ...all, open: { chat: false } };
    expect(seen({ ...closed, frontRight: 'chat' }, false)).toEqual(['files', 'output']);
    expect(seen({ ...all, front: 'chat', frontRight: 'chat' }, true)).toEqual(['output', 'chat']);
  });

  test.each([
    [all, ['files', 'output']],
    [{ ...all, front: 'people' }, ['output', 'people']],
    [{ ...all, front: 'people', open: { people: false } }, ['files', 'output']],
    [{ ...all, open: { files: false } }, ['output', 'people']],
    [{ ...all, open: { files: false, people: false } }, ['output']],
    [{ ...all, front: 'one that is no more' }, ['files', 'output']],
  ])('where there is none, the one opened last is seen: %j', (panels, ids) => {
    expect(seen(panels, true)).toEqual(ids);
  });
});

describe('the tree of files', () => {
  const files: FileEntry[] = [
    { id: fileId('3'), path: 'main.py', language: null, blob: null },
    { id: fileId('1'), path: 'lib/data/a.txt', language: null, blob: null },
    { id: fileId('2'), path: 'lib/util.py', language: null, blob: null },
  ];
  const nodes = treeNodes(files, ['lib', 'lib/data', 'docs']);
  const drawn = (id: string, depth = 0): string[] =>
    nodes
      .get(id)!
      .children.flatMap((child) => [
        `${'  '.repeat(depth)}${nodes.get(child)!.name}`,
        ...drawn(child, depth + 1),
      ]);

  test('has folders before files, and each once above what is in it', () => {
    expect(drawn(ROOT)).toEqual(['docs', 'lib', '  data', '    a.txt', '  util.py', 'main.py']);
  });

  test('shows nothing of what is in closed folders', () => {
    const shown = (closed: string[]) => [...nodes.keys()].filter((id) => isShown(nodes, new Set(closed), id));
    expect(shown([])).toEqual(['lib/', 'lib/data/', 'docs/', ':3', ':1', ':2']);
    expect(shown(['lib/'])).toEqual(['lib/', 'docs/', ':3']);
    expect(shown(['lib/data/'])).toEqual(['lib/', 'lib/data/', 'docs/', ':3', ':2']);
    expect(isShown(nodes, new Set(), 'not there')).toBe(false);
  });

  test('has no id that is the property of an object, whatever a file is called', () => {
    const names = ['constructor', '__proto__', 'toString', 'hasOwnProperty'];
    const hostile = names.map((name) => ({
      id: fileId(name),
      path: `${name}/${name}`,
      language: null,
      blob: null,
    }));
    for (const id of treeNodes(hostile, names).keys()) expect(id in {}, id).toBe(false);
  });

  test('counts what lies in a selected folder as part of it', () => {
    const entries: TreeEntry[] = [...nodes.values()].filter(({ id }) => id !== ROOT);
    expect(topmost(entries).map(({ path }) => path)).toEqual(['lib', 'docs', 'main.py']);
    expect(inWords(topmost(entries))).toBe('1 file and 2 folders');
    expect(inWords(topmost(entries).slice(0, 1))).toBe('lib');
  });

  test('gives copies names that nothing has', () => {
    expect(nameOfCopy('lib/util.py', new Set())).toBe('lib/util copy.py');
    expect(nameOfCopy('lib/util.py', new Set(['lib/util copy.py']))).toBe('lib/util copy 2.py');
    expect(nameOfCopy('.env', new Set())).toBe('.env copy');
    expect(nameOfCopy('Lib.d/Makefile', new Set(['lib.d/makefile copy']))).toBe('Lib.d/Makefile copy 2');
  });

  test('names tabs by their folder only where two would look the same', () => {
    expect(tabName('lib/util.py', ['lib/util.py', 'main.py'])).toEqual({ name: 'util.py', folder: '' });
    expect(tabName('lib/util.py', ['lib/util.py', 'util.py'])).toEqual({ name: 'util.py', folder: 'lib' });
    expect(folderOf('a/b/c.py')).toBe('a/b/');
    expect(folderOf('c.py')).toBe('');
  });
});

describe('what Run starts', () => {
  const main: FileEntry = { id: fileId('m'), path: 'main.py', language: null, blob: null };
  const util: FileEntry = { id: fileId('u'), path: 'util.py', language: null, blob: null };
  const notes: FileEntry = { id: fileId('n'), path: 'notes.md', language: null, blob: null };
  const files = [main, notes, util];
  const ranUtil = [{ entry: 'u' } as Run];

  test('is the file that is seen, when it can be run', () => {
    expect(entryFile(null, util, files, [])).toBe(util);
  });

  test('is else what was run last, else the first that can be', () => {
    expect(entryFile(null, notes, files, ranUtil)).toBe(util);
    expect(entryFile(null, notes, files, [])).toBe(main);
    expect(entryFile(null, undefined, files, [])).toBe(main);
    expect(entryFile(null, notes, [notes], ranUtil)).toBeNull();
  });

  test('is no file that is no text, whatever it is called', () => {
    const blob = { hash: BlobHash.parse('0'.repeat(64)), bytes: 3 };
    const archive: FileEntry = { id: fileId('a'), path: 'archive.py', language: null, blob };
    expect(entryFile(null, archive, [archive, main], [])).toBe(main);
    expect(entryFile(archive.id, archive, [archive], [{ entry: 'a' } as Run])).toBeNull();
  });

  test('is a file whose language can be run, whatever its name says', () => {
    const script: FileEntry = { ...notes, language: 'python' };
    expect(entryFile(null, script, [main, script], [])).toBe(script);
    expect(entryFile(null, undefined, [{ ...main, language: 'markdown' }, script], [])).toBe(script);
    expect(entryFile(null, { ...main, language: 'markdown' }, [], [])).toBeNull();
  });

  test('is the pinned file before all others, for as long as it can be run', () => {
    expect(entryFile(fileId('m'), util, files, ranUtil)).toBe(main);
    expect(entryFile(fileId('gone'), util, files, ranUtil)).toBe(util);
    expect(entryFile(fileId('n'), util, files, ranUtil)).toBe(util);
  });
});

describe('the next line that failed', () => {
  const places = [
    { file: fileId('m'), line: 9 },
    { file: fileId('u'), line: 4 },
    { file: fileId('m'), line: 2 },
  ];

  test('follows the cursor through the file, then through the others, round the end', () => {
    const after = (file: string, line: number) => nextPlace(places, { file: fileId(file), line });
    expect(after('m', 1)).toEqual({ file: 'm', line: 2 });
    expect(after('m', 2)).toEqual({ file: 'm', line: 9 });
    expect(after('m', 9)).toEqual({ file: 'u', line: 4 });
    expect(after('u', 4)).toEqual({ file: 'm', line: 2 });
    expect(after('other', 50)).toEqual({ file: 'm', line: 2 });
    expect(nextPlace(places, null)).toEqual({ file: 'm', line: 2 });
    expect(nextPlace([], null)).toBeNull();
  });
});

describe('shortcuts', () => {
  const press = (key: string, change: Partial<KeyPress> = {}): KeyPress => ({
    key,
    code: '',
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    shiftKey: false,
    getModifierState: () => false,
    ...change,
  });

  test('mean Command on a Mac and Control elsewhere', () => {
    expect(matches('mod+k', press('k', { ctrlKey: true }), false)).toBe(true);
    expect(matches('mod+k', press('k', { metaKey: true }), true)).toBe(true);
    expect(matches('mod+k', press('k', { ctrlKey: true }), true)).toBe(false);
  });

  test('want exactly the keys that they name', () => {
    expect(matches('mod+enter', press('Enter', { ctrlKey: true }), false)).toBe(true);
    expect(matches('mod+enter', press('Enter', { ctrlKey: true, shiftKey: true }), false)).toBe(false);
    expect(matches('mod+enter', press('Enter'), false)).toBe(false);
  });

  test('go by the letter on other layouts, and by the place where Alt changes what is typed', () => {
    expect(matches('mod+k', press('k', { ctrlKey: true, code: 'KeyV' }), false)).toBe(true);
    expect(matches('mod+k', press('v', { ctrlKey: true, code: 'KeyK' }), false)).toBe(false);
    expect(matches('mod+k', press('л', { ctrlKey: true, code: 'KeyK' }), false)).toBe(true);
    expect(matches('alt+w', press('∑', { altKey: true, code: 'KeyW' }), true)).toBe(true);
    expect(matches('ctrl+`', press('Dead', { ctrlKey: true, code: 'Backquote' }), false)).toBe(true);
  });

  test('are told from characters that Option or AltGr types', () => {
    const altGraph = { getModifierState: (name: string) => name === 'AltGraph' };
    for (const [key, code] of [
      ['Dead', 'KeyN'],
      ['∑', 'KeyW'],
      ['π', 'KeyP'],
      ['–', 'Minus'],
      ['≠', 'Equal'],
    ] as const) {
      expect(typesCharacter(press(key, { code, altKey: true }), true), `⌥ ${code}`).toBe(true);
      expect(typesCharacter(press(key, { code, altKey: true, shiftKey: true }), true)).toBe(true);
    }
    expect(
      typesCharacter(press('ń', { code: 'KeyN', altKey: true, ctrlKey: true, ...altGraph }), false),
    ).toBe(true);
    expect(typesCharacter(press('@', { code: 'KeyQ', altKey: true, ctrlKey: true }), false)).toBe(true);
    expect(typesCharacter(press('€', { code: 'KeyE', ...altGraph }), false)).toBe(true);

    expect(typesCharacter(press('?', { shiftKey: true }), false)).toBe(true);
    expect(typesCharacter(press('F1'), false)).toBe(false);
    expect(typesCharacter(press('n', { code: 'KeyN', altKey: true }), false)).toBe(false);
    expect(typesCharacter(press('PageDown', { altKey: true }), true)).toBe(false);
    expect(typesCharacter(press('k', { metaKey: true }), true)).toBe(false);
    expect(typesCharacter(press('ƒ', { altKey: true, metaKey: true, code: 'KeyF' }), true)).toBe(false);
    expect(typesCharacter(press('k', { ctrlKey: true }), false)).toBe(false);
  });

  test('are shown as they stand on the keys', () => {
    expect(shown('mod+enter', false)).toBe('Ctrl+Enter');
    expect(shown('mod+enter', true)).toBe('⌘↩');
    expect(shown('alt+w', true)).toBe('⌥W');
    expect(shown('ctrl+`', false)).toBe('Ctrl+`');
  });
});

describe('settings', () => {
  test('step the font size within what is offered', () => {
    expect(stepFontSize(14, 1)).toBe(15);
    expect(stepFontSize(16, 1)).toBe(18);
    expect(stepFontSize(24, 1)).toBe(24);
    expect(stepFontSize(11, -1)).toBe(11);
  });

  test('follow the system again when the switch gives what the system has', () => {
    expect(otherTheme('light', false)).toBe('dark');
    expect(otherTheme('dark', false)).toBe('system');
    expect(otherTheme('light', true)).toBe('system');
  });
});
