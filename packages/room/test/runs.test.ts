// Runs: who typed into them.
import { fileId, participantId, runId } from '@codesync/protocol/testing';
import { describe, expect, test } from 'vitest';
import { open, RandomRoom } from './support/random-room.ts';

const ADA = participantId('person-0-person-xx');
const BOB = participantId('person-1-person-xx');
const RUN = runId('run-of-this-test');

function roomWithARun(): RandomRoom {
  const room = new RandomRoom();
  open(room);
  for (const id of [ADA, BOB]) {
    room.append({ kind: 'member.joined', participant: id, name: 'One', hue: 1, role: 'editor' }, id);
  }
  const files = [{ file: fileId('file-main'), path: 'main.py', version: 0 }];
  room.append({ kind: 'run.started', run: RUN, language: 'python', entry: files[0]!.file, files }, ADA);
  return room;
}

describe('what is typed into a run', () => {
  const type = (room: RandomRoom, by: typeof ADA, text: string, eof = false) =>
    room.append({ kind: 'run.input', run: RUN, text, eof }, by);

  test('is told apart by who typed it, and what one types in a row is one piece', () => {
    const room = roomWithARun();
    type(room, ADA, 'a');
    type(room, ADA, 'b\n');
    type(room, BOB, 'c\n');
    expect(room.fold.state.runs.get(RUN)!.output).toEqual([
      { stream: 'stdin', text: 'ab\n', by: ADA },
      { stream: 'stdin', text: 'c\n', by: BOB },
    ]);
  });

  test('has an end, which one person makes for all', () => {
    const room = roomWithARun();
    type(room, ADA, 'last', true);
    expect(room.fold.state.runs.get(RUN)!.inputEnded).toEqual({ by: ADA });
    for (const eof of [true, false]) {
      expect(room.decide(BOB, { kind: 'run.input', run: RUN, text: 'x', eof })).toMatchObject({
        error: { code: 'run.inputEnded' },
      });
    }
  });
});
