import type { RoomEvent } from '@codesync/protocol';
import { clientId, fileId } from '@codesync/protocol/testing';
import { describe, expect, test } from 'vitest';
import { catchUp, editsAfter, gapsOf } from '../src/index.ts';
import { edit } from './support/rooms.ts';

describe('catching up', () => {
  test('runs of others’ edits are composed, own ones stand alone', () => {
    const events = [
      edit(1, 'a', 1, ['1']),
      edit(2, 'a', 2, [1, '2']),
      edit(3, 'b', 1, ['x']),
      edit(4, 'a', 3, [2, '3'], 'me'),
      edit(5, 'a', 4, [3, '4'], 'other'),
      edit(6, 'a', 5, [4, '5']),
    ];
    expect(
      catchUp({ file: fileId('a'), from: 0, to: 5 }, editsAfter(events, fileId('a'), 0), clientId('me')),
    ).toEqual({
      file: 'a',
      steps: [
        { version: 2, op: ['12'] },
        { version: 3, op: [2, '3'], clientSeq: 4 },
        { version: 5, op: [3, '45'] },
      ],
    });
    expect(editsAfter(events, fileId('a'), 3).map(({ version }) => version)).toEqual([4, 5]);
  });

  test('goes no further than the version that was asked for, and only where the log has every edit', () => {
    const events = [edit(1, 'a', 1, ['1']), edit(2, 'a', 2, [1, '2']), edit(3, 'a', 3, [2, '3'])];
    const edits = editsAfter(events, fileId('a'), 1);
    expect(catchUp({ file: fileId('a'), from: 1, to: 2 }, edits, clientId('me'))?.steps).toEqual([
      { version: 2, op: [1, '2'] },
    ]);
    expect(catchUp({ file: fileId('a'), from: 0, to: 2 }, edits, clientId('me'))).toBeNull();
  });

  test('is for files that are there and have newer edits', () => {
    const texts = new Map([
      [fileId('a'), { version: 5 }],
      [fileId('b'), { version: 2 }],
    ]);
    const pending = ['a', 'b', 'gone'].map(fileId).map((file) => ({ file, version: 2 }));
    expect(gapsOf(texts, pending)).toEqual([{ file: 'a', from: 2, to: 5 }]);
  });

  test('a file that was made anew under its old id has only its own edits', () => {
    const created: RoomEvent = {
      seq: 2,
      at: 0,
      actor: null,
      body: { kind: 'file.created', file: fileId('a'), path: 'a', text: '' },
    };
    expect(editsAfter([edit(1, 'a', 1, ['old']), created, edit(3, 'a', 1, ['new'])], fileId('a'), 0)).toEqual(
      [{ version: 1, op: ['new'] }],
    );
  });
});
