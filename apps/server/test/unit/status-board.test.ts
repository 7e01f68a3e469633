import type { SandboxStatus } from '@codesync/protocol';
import { ManualClock } from '@codesync/protocol/testing';
import { expect, test } from 'vitest';
import { StatusBoard } from '../../src/runner-client/status-board.ts';

const OFF: SandboxStatus = { state: 'off', reason: 'Gone.', mend: 'Wait.' };
const ready = (busy: number): SandboxStatus => ({ state: 'ready', warm: {}, busy });

function setUp() {
  const clock = new ManualClock();
  const board = new StatusBoard(clock);
  const heard: SandboxStatus[] = [];
  board.listen((status) => heard.push(status));
  return { clock, board, heard };
}

test('every change of state is told at once, and what is said again is not', () => {
  const { board, heard } = setUp();
  expect(board.status).toEqual({ state: 'starting' });
  for (const status of [{ state: 'starting' } as const, OFF, { ...OFF }, ready(0), OFF]) board.tell(status);
  expect(heard).toEqual([OFF, ready(0), OFF]);
});

test('counts that change are known at once and told together, a little later', async () => {
  const { clock, board, heard } = setUp();
  for (const busy of [0, 1, 2, 3]) board.tell(ready(busy));
  expect(board.status).toEqual(ready(3));
  expect(heard).toEqual([ready(0)]);
  await clock.pass(1_000);
  expect(heard).toEqual([ready(0), ready(3)]);
});

test('a change of state is not followed by counts from before it', async () => {
  const { clock, board, heard } = setUp();
  for (const status of [ready(0), ready(1), OFF]) board.tell(status);
  await clock.pass(1_000);
  expect(heard).toEqual([ready(0), OFF]);
});

test('facts are those of the last status; without any, code cannot be run', () => {
  const { board } = setUp();
  const facts = { pools: {}, image: 'an image', check: { summary: '', gaps: [] } };
  board.tell(ready(0), facts);
  expect(board.facts).toEqual(facts);
  board.tell(OFF);
  expect(board.facts).toBe(null);
});

test('a closed board tells nobody anything', async () => {
  const { clock, board, heard } = setUp();
  for (const status of [ready(0), ready(1)]) board.tell(status);
  board.close();
  board.tell(OFF);
  await clock.pass(1_000);
  expect(heard).toEqual([ready(0)]);
});
