// How often the text of an edit is counted on its way from the socket into the log.
import { type CommandBody, EditReader, EditWriter, type EventBody, LIMITS } from '@codesync/protocol';
import { fileId, runId, settle } from '@codesync/protocol/testing';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { RoomHandle } from '../../src/rooms/room-handle.ts';
import { knownUnits, type MeasuredCommand, textUnits } from '../../src/rooms/text-units.ts';
import type { SocketClient } from '../../src/sockets/client.ts';
import { LANES } from '../../src/sockets/lanes.ts';
import { fileOf, HANA, Stage } from '../support/actor.ts';

const { measured } = vi.hoisted(() => ({ measured: [] as number[] }));

vi.mock(import('../../src/rooms/text-units.ts'), async (original) => {
  const module = await original();
  const counting = (body: CommandBody | EventBody): number => {
    const units = module.textUnits(body);
    measured.push(units);
    return units;
  };
  return { ...module, textUnits: counting };
});

beforeEach(() => void measured.splice(0));

/** A room and one end of a socket to it, as far as commands need that. */
async function scene() {
  const stage = new Stage();
  const room: RoomHandle = await stage.room();
  const hana = await stage.join(room, HANA);
  const spent: number[] = [];
  const client: Pick<SocketClient, 'edits' | 'counts' | 'command' | 'refuse'> = {
    edits: new EditReader(),
    counts: (_rate, cost) => spent.push(cost) > 0,
    command: async (command) => {
      room.command(hana.seat, command);
      return null;
    },
    refuse: (_number, error) => {
      throw new Error(error.code);
    },
  };
  const send = async (lane: 'edit' | 'command', raw: unknown) => {
    await LANES.get(lane)!.serve(client as SocketClient, [raw], 0);
    await settle();
  };
  measured.splice(0);
  return { stage, room, hana, file: fileOf(hana), spent, send };
}

describe('the text of an edit', () => {
  test('is counted once, from its frame to the log and out of what is kept of that', async () => {
    const { stage, room, file, hana, spent, send } = await scene();
    const writer = new EditWriter();
    // More than the recent events keep: the oldest are forgotten on the way.
    const text = 'x'.repeat(100_000);
    const edits = Math.floor(LIMITS.fileUnits / text.length) - 1;
    for (let i = 0; i < edits; i++) {
      await send(
        'edit',
        writer.write({ clientSeq: i + 1, body: { kind: 'edit', file, base: i, op: [text] } }),
      );
    }
    expect(hana.refusals).toEqual([]);
    expect(await stage.head(room)).toBeGreaterThan(edits);
    expect(measured).toHaveLength(edits);
    // Each as a message, and as much text.
    expect(spent).toEqual(new Array(2 * edits).fill(1));
  });

  test('is counted once when it comes as JSON', async () => {
    const { file, send } = await scene();
    await send('command', { clientSeq: 1, body: { kind: 'edit', file, base: 0, op: ['abc'] } });
    expect(measured).toEqual([3]);
  });

  test('is counted anew when it was carried over other edits, which changes it', async () => {
    const { file, send, hana, room } = await scene();
    const first: CommandBody = { kind: 'edit', file, base: 0, op: ['abc'] };
    room.command(hana.seat, { clientSeq: 1, body: first });
    await settle();
    measured.splice(0);
    await send('command', { clientSeq: 2, body: { ...first, op: ['de'] } });
    expect(measured).toHaveLength(2);
  });
});

test('what is known of a command is known of its event only where that has the same operation', () => {
  const file = fileId('file');
  const op = ['abc'];
  const command: MeasuredCommand = { clientSeq: 1, body: { kind: 'edit', file, base: 3, op }, units: 3 };
  expect(knownUnits({ kind: 'edit', file, version: 4, op }, command)).toBe(3);
  expect(knownUnits({ kind: 'edit', file, version: 4, op: [...op] }, command)).toBe(undefined);
  expect(knownUnits({ kind: 'run.input', run: runId('a run'), text: 'x', eof: false }, command)).toBe(
    undefined,
  );
  expect(textUnits(command.body)).toBe(3);
});
