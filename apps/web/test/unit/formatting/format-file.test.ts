// A file of the room is formatted: what comes into its text, and what this person is told.
import { type FormatReply, type FormatRequest, refusal } from '@codesync/protocol';
import { fileId, participantId } from '@codesync/protocol/testing';
import { expect, onTestFinished, test, vi } from 'vitest';
import { FEATURES } from '../../../src/app/features.ts';
import { allCommands } from '../../../src/desk/commands.ts';
import { Desk } from '../../../src/desk/desk.ts';
import { formatFile } from '../../../src/features/formatting/format-file.ts';
import { FakeRoom } from '../../harness/fake-room.ts';

const FILE = fileId('file-main');
const GRACE = participantId('grace_0000000000');

function scene(path = 'main.py', text = 'x=1\n') {
  const asked: { readonly request: FormatRequest; readonly answer: (reply: FormatReply | null) => void }[] =
    [];
  const room = Object.assign(new FakeRoom(), {
    format: (request: FormatRequest) =>
      new Promise<FormatReply | null>((answer) => void asked.push({ request, answer })),
  });
  room.log({ kind: 'file.created', file: FILE, path, text });
  const desk = new Desk(room, [], () => {});
  const told = () => desk.state.getState().said?.answer(desk.view()) ?? null;
  return { room, desk, asked, told, text: () => room.text(FILE) };
}

test('what others and this person typed meanwhile is kept', async () => {
  const { room, desk, asked, told, text } = scene();
  const done = formatFile(desk, FILE, false);
  expect(told()).toMatchObject({ text: 'Formatting main.py…', stays: true });
  expect(asked[0]!.request).toEqual({ language: 'python', text: 'x=1\n' });
  room.log({ kind: 'edit', file: FILE, version: 1, op: [4, 'grace=2\n'] }, GRACE);
  room.document(FILE)!.change(['# mine\n']);
  asked[0]!.answer({ ok: true, text: 'x = 1\n' });
  await done;
  expect(text()).toBe('# mine\nx = 1\ngrace=2\n');
  expect(told()).toMatchObject({ text: 'Formatted main.py.', stays: false });
});

test('a file is formatted once at a time, and again when it is done', async () => {
  const { desk, asked } = scene();
  const first = formatFile(desk, FILE, false);
  await formatFile(desk, FILE, false);
  expect(asked.length).toBe(1);
  asked[0]!.answer({ ok: true, text: 'x = 1\n' });
  await first;
  void formatFile(desk, FILE, false);
  expect(asked.length).toBe(2);
});

test('a text that is well already is not edited, which is told', async () => {
  const { room, desk, asked, told } = scene();
  const done = formatFile(desk, FILE, false);
  asked[0]!.answer({ ok: true, text: 'x=1\n' });
  await done;
  expect(room.document(FILE)!.version()).toBe(0);
  expect(told()?.text).toBe('main.py was formatted already.');
});

test.each([
  [
    'a refusal',
    { ok: false, error: refusal('format.failed', 'Line 1 is odd. Mend it.') },
    'main.py: Line 1 is odd. Mend it.',
  ],
  ['no answer', null, 'main.py: The server did not answer. Try again when the connection is back.'],
] as const)(
  'nothing is changed by %s, and it is told, even where success is not',
  async (_, reply, message) => {
    const { desk, asked, told, text } = scene();
    const done = formatFile(desk, FILE, true);
    expect(told()).toBeNull();
    asked[0]!.answer(reply);
    await done;
    expect(text()).toBe('x=1\n');
    expect(told()).toEqual({ tone: 'warning', text: message, stays: true });
  },
);

test('who may not edit any more, and a file that is gone meanwhile, are not written to', async () => {
  const viewer = scene();
  const done = formatFile(viewer.desk, FILE, false);
  viewer.room.patch({ you: { ...viewer.room.view().you!, role: 'viewer' } });
  viewer.asked[0]!.answer({ ok: true, text: 'x = 1\n' });
  await done;
  expect(viewer.text()).toBe('x=1\n');
  expect(viewer.told()?.text).toContain('You are viewing.');
  const { room, desk, asked, told } = scene();
  const other = formatFile(desk, FILE, false);
  room.log({ kind: 'file.deleted', file: FILE });
  asked[0]!.answer({ ok: true, text: 'x = 1\n' });
  await other;
  expect(told()?.text).toContain('That file no longer exists.');
});

test('that there is no formatter is told to who asked for it, and not to who saves', async () => {
  const { desk, asked, told } = scene('notes.txt');
  await formatFile(desk, FILE, true);
  expect(told()).toBeNull();
  await formatFile(desk, FILE, false);
  expect(told()?.text).toBe('There is no formatter for this kind of file. Nothing was changed.');
  expect(asked).toEqual([]);
});

test('it is offered to whoever may edit, in a file', () => {
  vi.stubGlobal('matchMedia', () => ({ matches: false }));
  onTestFinished(() => void vi.unstubAllGlobals());
  const { room, desk } = scene();
  const offered = () => allCommands(FEATURES, desk).find(({ id }) => id === 'file.format')!.enabled;
  expect(offered()).toBe(false);
  desk.showFile(FILE);
  expect(offered()).toBe(true);
  room.patch({ you: { ...room.view().you!, role: 'viewer' } });
  expect(offered()).toBe(false);
});
