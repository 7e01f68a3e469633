// Terminals of a room: who sees what, who may type, how fast each is told, and how shells end.
import {
  type DiskState,
  LIMITS,
  NOTHING_APART,
  readTerminalFrame,
  type TerminalId,
  type TerminalScreen,
  type TerminalState,
} from '@codesync/protocol';
import { ManualClock, roomId, settle, terminalId } from '@codesync/protocol/testing';
import { EditOrder, RoomFold } from '@codesync/room';
import { expect, test } from 'vitest';
import type { WorkspaceListener } from '../../src/ports.ts';
import type { RoomHandle } from '../../src/rooms/room-handle.ts';
import { RoomTerminals } from '../../src/rooms/terminals.ts';
import { fileOf, GUS, HANA, Stage } from '../support/actor.ts';
import type { FakeSeat } from '../support/fake-audience.ts';
import type { MemoryDisk } from '../support/memory-disk.ts';
import { MemoryWorkspaces } from '../support/memory-workspaces.ts';
import { NEAR_SCREENS } from '../support/near-screens.ts';

const T = terminalId('terminal-1');
const SIZE = { cols: 90, rows: 30 };

/** What a seat has of a terminal: its screen and the bytes after it, as text, without a gap. */
function seen(seat: FakeSeat, terminal: TerminalId = T): string {
  let text = '';
  let at = 0;
  for (const note of seat.notes) {
    if (note.kind === 'terminalScreen' && note.screen.terminal === terminal) {
      text = note.screen.screen;
      at = note.screen.at;
    }
    const frame = note.kind === 'terminal' ? readTerminalFrame(note.frame) : null;
    if (frame === null || frame.terminal !== terminal) continue;
    expect(frame.from).toBe(at);
    at += frame.bytes.length;
    text += Buffer.from(frame.bytes).toString();
  }
  return text;
}

const screens = (seat: FakeSeat): TerminalScreen[] =>
  seat.notes.flatMap((note) => (note.kind === 'terminalScreen' ? [note.screen] : []));
const states = (seat: FakeSeat): TerminalState[] =>
  seat.notes.flatMap((note) => (note.kind === 'terminalState' ? [note.state] : []));

/** The bytes that a seat was sent up to now. */
function sentTo(seat: FakeSeat): number {
  const frames = seat.notes.flatMap((note) =>
    note.kind === 'terminal' ? [readTerminalFrame(note.frame)!] : [],
  );
  const last = frames.at(-1);
  return last === undefined ? 0 : last.from + last.bytes.length;
}

async function scene() {
  const stage = new Stage();
  const room = await stage.room();
  const hana = await stage.join(room, HANA);
  const gus = await stage.join(room, GUS);
  await stage.send(room, hana, 1, { kind: 'terminal.open', terminal: T, name: 'Build' });
  room.terminal(hana.seat, { kind: 'watch', terminal: T, size: SIZE });
  await drawn();
  return { stage, room, hana, gus, shell: stage.workspaces.shells[0]! };
}

/** Screens draw in turns of their own. */
async function drawn(): Promise<void> {
  for (let i = 0; i < 5; i++) await new Promise((resolve) => setTimeout(resolve));
  await settle();
}

const type = (room: RoomHandle, seat: FakeSeat, text: string, shell = 1) =>
  room.terminal(seat.seat, { kind: 'type', terminal: T, shell, number: 1, text });

test('who watches gets the screen and then what the shell writes, once; others get nothing', async () => {
  const { stage, room, hana, gus, shell } = await scene();
  shell.write('$ ');
  shell.write('ls');
  await stage.clock.pass(50);
  await drawn();
  room.terminal(gus.seat, { kind: 'watch', terminal: T, size: SIZE });
  shell.write('\r\nmain.py');
  await drawn();
  await stage.clock.pass(50);
  expect(seen(hana)).toBe('$ ls\r\nmain.py');
  expect(seen(gus)).toContain('main.py');
  room.terminal(gus.seat, { kind: 'unwatch', terminal: T });
  shell.write(' more');
  await stage.clock.pass(50);
  expect(seen(hana)).toContain(' more');
  expect(seen(gus)).not.toContain(' more');
});

test('bytes that come again are passed over, and a gap ends the shell with a word', async () => {
  const { stage, hana, shell } = await scene();
  shell.write('abcdef');
  shell.writeAt(3, 'def');
  shell.writeAt(4, 'efgh');
  await stage.clock.pass(50);
  expect(seen(hana)).toBe('abcdefgh');
  shell.writeAt(100, 'far');
  await stage.clock.pass(50);
  await settle();
  const end = hana.heard.find(({ body }) => body.kind === 'terminal.ended')?.body;
  expect(end).toMatchObject({ terminal: T, message: expect.stringContaining('lost') });
  expect(shell.closed).toBe(true);
});

test('[INV8] viewers do not type; nor do editors where a host has locked it', async () => {
  const { stage, room, hana, gus, shell } = await scene();
  type(room, gus, 'one');
  await stage.send(room, hana, 2, { kind: 'terminal.lock', terminal: T, locked: true });
  type(room, gus, 'two');
  type(room, hana, 'three');
  await stage.send(room, hana, 3, { kind: 'terminal.lock', terminal: T, locked: false });
  await stage.send(room, hana, 4, { kind: 'member.role', participant: GUS.id, role: 'viewer' });
  type(room, gus, 'four');
  room.terminal(gus.seat, { kind: 'watch', terminal: T, size: SIZE });
  shell.write('seen by all');
  await drawn();
  await stage.clock.pass(50);
  expect(shell.typed).toBe('onethree');
  expect(gus.refusals.map(({ error }) => error.code)).toEqual(['terminal.locked', 'role.viewer']);
  expect(seen(gus)).toContain('seen by all');
});

test('the one who typed last sets the size, never below the least; others are told of it', async () => {
  const { stage, room, hana, gus, shell } = await scene();
  await stage.clock.pass(200);
  expect(shell.size).toEqual(SIZE);
  room.terminal(gus.seat, { kind: 'watch', terminal: T, size: { cols: 30, rows: 50 } });
  await drawn();
  await stage.clock.pass(200);
  expect(shell.size).toEqual(SIZE);
  type(room, gus, 'x');
  await stage.clock.pass(200);
  expect(shell.size).toEqual({ cols: 80, rows: 50 });
  for (const cols of [100, 110, 120]) {
    room.terminal(gus.seat, { kind: 'size', terminal: T, size: { cols, rows: 40 } });
  }
  room.terminal(hana.seat, { kind: 'size', terminal: T, size: { cols: 200, rows: 60 } });
  await stage.clock.pass(200);
  expect(shell.size).toEqual({ cols: 120, rows: 40 });
  const sizes = states(hana).map(({ size }) => size.cols);
  expect(sizes.filter((cols, i) => cols !== sizes[i - 1])).toEqual([90, 80, 120]);
  expect(states(hana).at(-1)).toMatchObject({ driver: GUS.id, size: { cols: 120, rows: 40 } });
});

test('a shell is held up by its screen and by the one who types, and by nobody else', async () => {
  const { stage, room, hana, gus, shell } = await scene();
  room.terminal(gus.seat, { kind: 'watch', terminal: T, size: SIZE });
  await drawn();
  const block = `${'x'.repeat(9_998)}\r\n`;
  for (let i = 0; i < 20; i++) shell.write(block);
  await drawn();
  await stage.clock.pass(50);
  expect(shell.read).toBe(0);
  // Gus is too far behind: he is sent no more before he has drawn what he has.
  expect(sentTo(gus)).toBeLessThanOrEqual(LIMITS.terminalUnreadBytes + 40_000);
  expect(sentTo(hana)).toBe(200_000);
  room.terminal(hana.seat, { kind: 'read', terminal: T, shell: 1, upTo: 150_000 });
  expect(shell.read).toBe(150_000);
  const before = screens(gus).length;
  room.terminal(gus.seat, { kind: 'read', terminal: T, shell: 1, upTo: sentTo(gus) });
  await drawn();
  expect(screens(gus)).toHaveLength(before + 1);
  expect(screens(gus).at(-1)!.at).toBe(200_000);
  // What nobody was sent cannot have been drawn.
  room.terminal(hana.seat, { kind: 'read', terminal: T, shell: 1, upTo: 10_000_000 });
  expect(shell.read).toBe(150_000);
});

test('whoever was behind in a flood has all lines once it is over, and not before', async () => {
  const { stage, room, gus, shell } = await scene();
  room.terminal(gus.seat, { kind: 'watch', terminal: T, size: SIZE });
  await drawn();
  const flood = (from: number) => {
    for (let n = from; n < from + 4_000; n++) shell.write(`line ${n} of a program that writes much\r\n`);
  };
  const firstLine = () => /line (\d+) /.exec(screens(gus).at(-1)!.screen)![1];
  flood(1);
  await drawn();
  await stage.clock.pass(50);
  room.terminal(gus.seat, { kind: 'read', terminal: T, shell: 1, upTo: sentTo(gus) });
  await drawn();
  expect(Number(firstLine())).toBeGreaterThan(2_900);
  const before = screens(gus).length;
  await stage.clock.pass(900);
  flood(4_001);
  await stage.clock.pass(200);
  await drawn();
  room.terminal(gus.seat, { kind: 'read', terminal: T, shell: 1, upTo: sentTo(gus) });
  await drawn();
  expect(screens(gus).length).toBe(before + 1);
  expect(Number(firstLine())).toBeGreaterThan(6_900);
  await stage.clock.pass(1_100);
  await drawn();
  expect(screens(gus).length).toBe(before + 2);
  expect(firstLine()).toBe('1');
  await stage.clock.pass(5_000);
  await drawn();
  expect(screens(gus).length).toBe(before + 2);
});

test('one who types and then draws nothing for a second holds the shell up no more', async () => {
  const { stage, shell } = await scene();
  for (let i = 0; i < 20; i++) shell.write('y'.repeat(10_000));
  await drawn();
  await stage.clock.pass(50);
  expect(shell.read).toBe(0);
  await stage.clock.pass(1_100);
  expect(shell.read).toBe(200_000);
});

test('what comes close together goes as one message, and the first of it at once', async () => {
  const { stage, hana, shell } = await scene();
  await stage.clock.pass(50);
  const frames = () => hana.notes.filter(({ kind }) => kind === 'terminal').length;
  shell.write('a');
  expect(frames()).toBe(1);
  for (const letter of 'bcdefgh') shell.write(letter);
  expect(frames()).toBe(1);
  await stage.clock.pass(10);
  expect(frames()).toBe(2);
  expect(seen(hana)).toBe('abcdefgh');
});

test('a shell that ends says how, and starts again for all who watch; keys for the old one go nowhere', async () => {
  const { stage, room, hana, shell } = await scene();
  shell.write('bye');
  shell.end({ exitCode: 3 });
  await settle();
  expect(hana.heard.at(-1)!.body).toEqual({ kind: 'terminal.ended', terminal: T, exitCode: 3, signal: null });
  type(room, hana, 'x');
  expect(hana.refusals.at(-1)!.error.code).toBe('terminal.ended');
  // What it showed can be seen by whoever comes later.
  const late = await stage.join(room, GUS, { client: 'client-of-gus-later-1' });
  room.terminal(late.seat, { kind: 'watch', terminal: T, size: SIZE });
  await drawn();
  expect(seen(late)).toBe('bye');
  await stage.send(room, hana, 2, { kind: 'terminal.restart', terminal: T });
  await drawn();
  const next = stage.workspaces.shells[1]!;
  next.write('again');
  await stage.clock.pass(50);
  expect(screens(hana).at(-1)).toMatchObject({ shell: 2, screen: '' });
  expect(seen(hana)).toBe('again');
  type(room, hana, 'old', 1);
  type(room, hana, 'new', 2);
  expect(next.typed).toBe('new');
  await stage.send(room, hana, 3, { kind: 'terminal.restart', terminal: T });
  expect(hana.refusals.at(-1)!.error.code).toBe('terminal.running');
});

test('a workspace that is lost ends all shells with its reason, and the next shell gets a new one', async () => {
  const { stage, room, hana } = await scene();
  const other = terminalId('terminal-2');
  await stage.send(room, hana, 2, { kind: 'terminal.open', terminal: other, name: 'Tests' });
  expect(stage.workspaces.all).toHaveLength(1);
  stage.workspaces.all[0]!.listener.ended('The engine went away. Start it again.');
  await settle();
  const ended = hana.heard.flatMap(({ body }) => (body.kind === 'terminal.ended' ? [body] : []));
  expect(ended.map(({ terminal }) => terminal)).toEqual([T, other]);
  expect(ended[0]!.message).toContain('engine');
  await stage.clock.pass(50);
  expect(seen(hana)).toContain('The engine went away. Start it again.');
  await stage.send(room, hana, 3, { kind: 'terminal.restart', terminal: T });
  expect(stage.workspaces.all).toHaveLength(2);
});

test('the screen of a shell that was lost says why, and has what was there before a full-screen program', async () => {
  const { stage, room, gus, shell } = await scene();
  shell.write('before\r\n$ vim\r\n\x1b[?1049h\x1b[2J\x1b[Hfull screen\x1b[2;5r\x1b[31m');
  const words = 'The workspace was lost. Start it again.';
  stage.workspaces.all[0]!.listener.ended(words);
  room.terminal(gus.seat, { kind: 'watch', terminal: T, size: SIZE });
  await drawn();
  expect(seen(gus)).toContain(`before\r\n$ vim\r\n\r\n${words}`);
  expect(seen(gus)).not.toContain('full screen');
});

test('a program that was ended for want of memory is told at its shell until somebody types', async () => {
  const { stage, room, hana, shell } = await scene();
  const { listener } = stage.workspaces.all[0]!;
  shell.write('$ ');
  listener.memoryFull('A program was ended.');
  expect(states(hana).at(-1)!.phase).toEqual({ kind: 'running', note: 'A program was ended.' });
  shell.write('Killed\r\n$ ');
  await stage.clock.pass(50);
  expect(states(hana).at(-1)!.phase).toHaveProperty('note');
  type(room, hana, 'x');
  expect(states(hana).at(-1)!.phase).toEqual({ kind: 'running' });
});

test('closing a terminal ends its shell, and nobody can watch it', async () => {
  const { stage, room, hana, shell } = await scene();
  await stage.send(room, hana, 2, { kind: 'terminal.close', terminal: T });
  expect(shell.closed).toBe(true);
  room.terminal(hana.seat, { kind: 'watch', terminal: T, size: SIZE });
  expect(hana.refusals.at(-1)!.error.code).toBe('terminal.unknown');
});

test('the workspace goes when nobody was there for five minutes, and not before; shells say so', async () => {
  const { stage, room, hana, gus } = await scene();
  room.leave(hana.seat);
  room.leave(gus.seat);
  await stage.clock.pass(LIMITS.workspaceIdleMs - LIMITS.idleRoomMs);
  expect(stage.workspaces.all[0]!.open).toBe(true);
  const back = await stage.join(room, HANA);
  room.leave(back.seat);
  await stage.clock.pass(LIMITS.workspaceIdleMs - LIMITS.idleRoomMs);
  expect(stage.workspaces.all[0]!.open).toBe(true);
  await stage.clock.pass(2 * LIMITS.idleRoomMs);
  expect(stage.workspaces.all[0]!.open).toBe(false);
  const again = await stage.open(room.id);
  const hanaAgain = await stage.join(again, HANA);
  const { state } = hanaAgain.welcomed!;
  if (state.kind !== 'keyframe') throw new Error('expected a keyframe');
  expect(state.keyframe.terminals[0]!.end?.message).toContain('Nobody was in the room');
});

test('a room that is closed ends its workspace, and says so in the log', async () => {
  const { stage, hana } = await scene();
  await stage.registry.shut();
  expect(stage.workspaces.all[0]!.open).toBe(false);
  expect(hana.kinds.at(-1)).toBe('terminal.ended');
});

test('a place in the queue is told, and then the shell starts', async () => {
  const { stage, hana, shell } = await scene();
  const { listener } = stage.workspaces.all[0]!;
  listener.phase({ kind: 'queued', position: 2 });
  await drawn();
  expect(states(hana).at(-1)!.phase).toEqual({ kind: 'queued', position: 2 });
  expect(stage.workspaces.all[0]!.begun).toBe(false);
  listener.phase({ kind: 'ready' });
  await drawn();
  expect(stage.workspaces.all[0]!.begun).toBe(true);
  expect(states(hana).at(-1)!.phase).toEqual({ kind: 'starting' });
  shell.write('$ ');
  expect(states(hana).at(-1)!.phase).toEqual({ kind: 'running' });
});

test.each<[where: string, fault: (stage: Stage, disk: MemoryDisk, listener: WorkspaceListener) => void]>([
  [
    'in an edit',
    (stage) => {
      stage.workspaces.files = () => {
        throw new Error('a fault');
      };
    },
  ],
  [
    'in what is told of the disk',
    (_, __, { files }) => files({ type: 'files.changed', batch: 1, changes: [null as never] }),
  ],
  [
    'in an answer of the disk',
    (_, disk, { files }) => {
      disk.put('new.py', 'new');
      files({ type: 'files.done', n: 1_000, revision: 1 });
    },
  ],
])('a fault of the sync %s ends the shells with a word, and the room goes on', async (_, fault) => {
  const { stage, room, hana } = await scene();
  const { listener, disk } = stage.workspaces.all[0]!;
  const { files } = stage.workspaces;
  listener.phase({ kind: 'ready' });
  await stage.clock.pass(50);
  fault(stage, disk, listener);
  const file = fileOf(hana);
  const edit = (base: number) => ({ kind: 'edit', file, base, op: ['x'] }) as const;
  await stage.send(room, hana, 2, edit(0));
  await stage.clock.pass(50);
  const ended = hana.heard.find(({ body }) => body.kind === 'terminal.ended')?.body;
  expect(ended).toMatchObject({ terminal: T, message: expect.stringContaining('are safe. Start it again.') });
  expect(stage.errors).toEqual(['the disk of a workspace cannot be followed any more']);
  stage.workspaces.files = files;
  await stage.send(room, hana, 3, { kind: 'terminal.restart', terminal: T });
  const again = stage.workspaces.all[1]!;
  again.listener.phase({ kind: 'ready' });
  await stage.send(room, hana, 4, edit(1));
  await stage.clock.pass(100);
  expect(again.disk.text('main.py')).toMatch(/^xx/);
  expect(stage.errors).toHaveLength(1);
});

test('what is on the disk only is told when it changes, some of it by name, and goes with the workspace', () => {
  const told: DiskState[] = [];
  const fold = new RoomFold();
  const terminals = new RoomTerminals({
    room: roomId('room-of-this-test-1234'),
    blobs: { put: async () => ({ kind: 'full' }), read: async function* () {} },
    workspaces: new MemoryWorkspaces(),
    screens: NEAR_SCREENS,
    clock: new ManualClock(),
    audience: { to: () => undefined, disk: (_, disk) => told.push(disk) },
    log: { fold, order: new EditOrder(fold.texts) },
    commit: { crowded: false },
    serverLog: { error: () => undefined },
    propose: () => undefined,
    newId: () => 'id',
  });
  expect(terminals.disk).toEqual(NOTHING_APART);
  const picture = { path: 'a.png', why: 'large' } as const;
  terminals.apart([picture], 1);
  terminals.apart([{ ...picture }], 1);
  expect(told).toEqual([{ apart: [picture], count: 1 }]);
  const many = Array.from({ length: 60 }, (_, i) => ({ ...picture, path: `${i}.png` }));
  terminals.apart(many, 70);
  expect(terminals.disk).toEqual({ apart: many.slice(0, LIMITS.apartTold), count: 70 });
  terminals.end();
  expect([told.length, told.at(-1), terminals.disk]).toEqual([3, NOTHING_APART, NOTHING_APART]);
});
