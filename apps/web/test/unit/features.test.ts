import { fileId } from '@codesync/protocol/testing';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FEATURES } from '../../src/app/features.ts';
import { slotsOf } from '../../src/app/room/slots.tsx';
import { allCommands } from '../../src/desk/commands.ts';
import { Desk } from '../../src/desk/desk.ts';
import { menuGroups } from '../../src/features/rooms/menu.ts';
import { FakeRoom } from '../harness/fake-room.ts';
import { probe } from '../harness/probe.tsx';

beforeEach(() => {
  vi.stubGlobal('matchMedia', () => ({ matches: false }));
});
afterEach(() => {
  vi.unstubAllGlobals();
});

function roomWith(features: typeof FEATURES, role: 'host' | 'editor' | 'viewer' = 'host') {
  const room = new FakeRoom(role);
  room.log({ kind: 'file.created', file: fileId('file-main'), path: 'main.py', text: '' });
  const slots = slotsOf(features);
  const desk = new Desk(room, slots.panels, () => {});
  return { room, desk, slots, commands: () => allCommands(features, desk) };
}

describe('the features of a room', () => {
  const twice = (names: readonly string[]) => names.filter((name, i) => names.indexOf(name) !== i);

  test('name each thing once, and give no key to two commands', () => {
    const { slots, commands } = roomWith(FEATURES);
    expect(twice(commands().map(({ id }) => id))).toEqual([]);
    expect(twice(commands().flatMap(({ keys = [] }) => keys))).toEqual([]);
    expect(twice(slots.dialogs.map(({ id }) => id))).toEqual([]);
    expect(twice(slots.panels.map(({ id }) => id))).toEqual([]);
  });

  test('give the same keys however things stand', () => {
    const keysOf = ({ commands }: ReturnType<typeof roomWith>) =>
      commands().flatMap(({ id, keys = [] }) => keys.map((key) => `${key} ${id}`));
    const empty = roomWith(FEATURES, 'viewer');
    empty.room.log({ kind: 'file.deleted', file: fileId('file-main') });
    expect(keysOf(empty)).toEqual(keysOf(roomWith(FEATURES)));
  });

  test('leave no place of a line, a section or a menu to two things', () => {
    const { slots, commands } = roomWith(FEATURES);
    for (const placed of [slots.header, slots.status, slots.notes])
      expect(twice(placed.map(({ place, order }) => `${place} ${order}`))).toEqual([]);
    expect(twice(commands().map(({ section, order }) => `${section} ${order}`))).toEqual([]);
  });

  test('offer what can be done in one order, whoever declares it', () => {
    const { commands } = roomWith(FEATURES);
    const backwards = roomWith(FEATURES.toReversed());
    expect(commands().map(({ id }) => id)).toEqual(backwards.commands().map(({ id }) => id));
    expect(commands().map(({ title }) => title)).toEqual([
      'Run main.py',
      'Stop the running program',
      'Always run main.py',
      'Start programs in their file’s own folder',
      'Run configurations…',
      'Run history…',
      'Go to the next line that failed',
      'New terminal',
      'Rename the terminal',
      'Close the terminal for everyone',
      'New file',
      'New folder',
      'Go to file…',
      'Search in all files',
      'Replace in all files',
      'Next result',
      'Previous result',
      'Replace the chosen match',
      'Replace all matches…',
      'Rename file',
      'Duplicate file',
      'Change the language of a file…',
      'Delete file',
      'Upload files…',
      'Download file',
      'Download all files as a zip',
      'Format file',
      'Close tab',
      'Keep the previewed file open',
      'Next tab',
      'Previous tab',
      'Comment on the selection',
      'Next comment',
      'Previous comment',
      'Toggle files',
      'Toggle search',
      'Toggle output',
      'Toggle terminal',
      'Toggle people',
      'Toggle chat',
      'Toggle comments',
      'Wrap code',
      'Show the minimap',
      'Switch to dark theme',
      'Larger text',
      'Smaller text',
      'Follow somebody…',
      'Ask everyone to follow me',
      'Ask everyone to come to this line',
      'Take the driver’s seat',
      'Start a timer…',
      'Pause the timer',
      'Stop the timer',
      'Write a message',
      'Send the selection to the chat',
      'Start a call',
      'Unmute yourself',
      'Turn your camera on',
      'Share your screen',
      'Choose microphone and camera',
      'Show or hide who is in the call',
      'Is all saved?',
      'Copy a link…',
      'Rename room…',
      'Close to newcomers',
      'Status…',
      'Leave room',
      'Command palette',
      'Settings…',
      'Keyboard shortcuts',
    ]);
  });

  test('fill the menu of the room, by what this person may', () => {
    const titles = (role: 'host' | 'viewer') =>
      menuGroups(roomWith(FEATURES, role).commands()).map((group) => group.map(({ title }) => title));
    const rest = [['Settings…', 'Keyboard shortcuts', 'Status…'], ['Leave room']];
    const host = ['Start a call', 'Copy a link…', 'Rename room…', 'Close to newcomers'];
    expect(titles('host')).toEqual([host, ...rest]);
    expect(titles('viewer')).toEqual([['Start a call', 'Copy a link…'], ...rest]);
  });
});

describe('one more feature in the list', () => {
  test('is in the room with its panel, its fact, its dialog and its command', () => {
    const { desk, slots, commands } = roomWith([...FEATURES, probe]);
    expect(slots.panels.map(({ id }) => id)).toContain('probe');
    expect(slots.status).toContain(probe.status![0]);
    expect(slots.dialogs).toContain(probe.dialogs![0]);
    const command = commands().find(({ id }) => id === 'probe.findings');
    expect(command?.enabled).toBe(true);
    command!.run();
    expect(desk.state.getState().dialog).toBe('probe');
    expect(commands().find(({ id }) => id === 'view.probe')?.title).toBe('Toggle probe');
  });

  test('changes nothing of what the others show', () => {
    const without = (all: ReturnType<typeof roomWith>) =>
      all.commands().filter(({ id }) => !id.includes('probe'));
    const titles = (all: ReturnType<typeof roomWith>) => without(all).map(({ title }) => title);
    expect(titles(roomWith([probe, ...FEATURES]))).toEqual(titles(roomWith(FEATURES)));
  });
});
