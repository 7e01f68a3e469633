import { refusal } from '@codesync/protocol';
import { fileId } from '@codesync/protocol/testing';
import { expect, it } from 'vitest';
import { addNotice, type Notice } from '../../../src/room-source/notices.ts';

const LONG = 'x'.repeat(1_000_000);

const noticeAt = (at: number, typed: string): Notice => ({
  id: `notice-${at}`,
  at,
  error: refusal('file.tooLarge'),
  file: fileId('file-main'),
  path: 'main.py',
  typed,
  text: `${typed}${LONG}`,
});

it('keeps what was typed into a long file, and not the file', () => {
  const notices = addNotice(addNotice([], noticeAt(0, 'a')), noticeAt(1_000, 'a'));
  expect(notices).toMatchObject([{ id: 'notice-0', typed: 'aa', text: null }]);
  const later = addNotice(notices, noticeAt(60_000, 'b'));
  expect(later.map(({ typed }) => typed)).toEqual(['aa', 'b']);
  expect(JSON.stringify(later).length).toBeLessThan(2_000);
});

it('tells once of a long file what is told again after a reload', () => {
  const notices = addNotice([], noticeAt(0, 'a'));
  expect(addNotice(notices, noticeAt(60_000, 'a'))).toBe(notices);
});
