// What the list of files brings in from this computer, and what of the deleted things it offers to bring back.
import type { DeletedFile } from '@codesync/protocol';
import { LIMITS } from '@codesync/protocol';
import { fileId, participantId } from '@codesync/protocol/testing';
import { strFromU8, unzipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { deletionsOf } from '../../src/features/files/deletions.ts';
import { contentOf, placeIn } from '../../src/features/files/incoming.ts';
import { zipOf } from '../../src/features/files/zip.ts';

describe('a file of this computer', () => {
  const read = (...parts: (string | Uint8Array<ArrayBuffer>)[]) => contentOf(new Blob(parts));

  test('is text with line ends of one kind, without the mark at its beginning', async () => {
    expect(await read('\uFEFFone\r\ntwo\rthree\n')).toEqual({ kind: 'text', text: 'one\ntwo\nthree\n' });
    expect(await read('')).toEqual({ kind: 'text', text: '' });
    expect(await read('wörld 👍')).toEqual({ kind: 'text', text: 'wörld 👍' });
  });

  test('is kept byte for byte where it is no text', async () => {
    for (const bytes of [
      new Uint8Array([0x89, 0x50, 0x4e, 0x47]),
      // Half of a pair, as UTF-8 may not have it.
      new Uint8Array([0xed, 0xa0, 0x80]),
      new Uint8Array([0x61, 0, 0x62]),
    ])
      expect(await read(bytes), bytes.join()).toEqual({ kind: 'bytes' });
  });

  test('is text up to the longest that a room has, in characters and not in bytes', async () => {
    expect(await read('é'.repeat(LIMITS.fileUnits))).toMatchObject({ kind: 'text' });
    expect(await read('\r\n'.repeat(LIMITS.fileUnits))).toMatchObject({ kind: 'text' });
    expect(await read('x'.repeat(LIMITS.fileUnits + 1))).toEqual({ kind: 'bytes' });
    expect(await read('€'.repeat(LIMITS.fileUnits + 1))).toEqual({ kind: 'bytes' });
  });

  test('comes to a place that the room allows, in composed characters', () => {
    expect(placeIn('lib', 'e\u0301.py')).toEqual({ path: 'lib/é.py', problem: null });
    expect(placeIn('', 'a.py')).toEqual({ path: 'a.py', problem: null });
    for (const path of ['..', 'a/../b', 'a\nb', 'CON:', 'x/', 'a'.repeat(LIMITS.pathBytes + 1)]) {
      expect(placeIn('lib', path).problem, path).not.toBeNull();
    }
  });
});

test('a zip has every file at its path, and folders, whatever they are called', async () => {
  const entries = [
    { path: 'lib/a.py', content: 'wörld\n' },
    { path: '__proto__', content: 'constructor' },
    { path: 'logo.png', content: new Uint8Array([0x89, 0x50, 0, 0xff]) },
    { path: 'empty/', content: '' },
  ];
  const zip = new Uint8Array(await new Blob(zipOf(entries)).arrayBuffer());
  const names: string[] = [];
  const found = unzipSync(zip, { filter: ({ name }) => names.push(name) > 0 });
  expect(names).toEqual(entries.map(({ path }) => path));
  expect(strFromU8(found['lib/a.py']!)).toBe('wörld\n');
  expect(found['logo.png']).toEqual(new Uint8Array([0x89, 0x50, 0, 0xff]));
});

describe('what can be brought back', () => {
  const ada = participantId('person-ada-xx');
  const deleted = (...files: readonly (readonly [string, string, number])[]) =>
    new Map(
      files.map(([id, path, at]): [DeletedFile['id'], DeletedFile] => [
        fileId(id),
        { id: fileId(id), path, language: null, blob: null, version: 0, text: '', by: ada, at },
      ]),
    );
  const folder = (path: string, at: number, files: readonly string[], empty: readonly string[] = []) =>
    [path, { path, files: files.map(fileId), empty, by: ada, at }] as const;
  const paths = (room: Parameters<typeof deletionsOf>[0]) => deletionsOf(room).map(({ entry }) => entry.path);

  test('is a folder as a whole, and a file by itself, in the order in which they went', () => {
    const room = {
      deleted: deleted(['one', 'lib/a.py', 2], ['two', 'b.py', 1], ['three', 'lib/c.py', 2]),
      deletedFolders: new Map([folder('lib', 2, ['one', 'three']), folder('empty', 3, [], ['empty'])]),
    };
    expect(paths(room)).toEqual(['b.py', 'lib', 'empty']);
  });

  test('is a file by itself when it went again after it came back from its folder', () => {
    const room = {
      deleted: deleted(['one', 'lib/a.py', 5]),
      deletedFolders: new Map([folder('lib', 2, ['one', 'gone'])]),
    };
    expect(paths(room)).toEqual(['lib/a.py']);
  });
});
