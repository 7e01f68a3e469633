// Run configurations: what a room keeps of them, and what a run takes of them.
import { LIMITS } from '@codesync/protocol';
import { configurationId, fileId, participantId } from '@codesync/protocol/testing';
import { beforeEach, describe, expect, test } from 'vitest';
import { open, RandomRoom } from './support/random-room.ts';

const ADA = participantId('person-0-person-xx');
const TESTS = configurationId('configuration-tests');
const MAIN = fileId('file-main');
const GIVEN = { name: 'Tests', entry: MAIN, args: ['-v'], env: [], stdin: null, workFolder: 'room' } as const;

describe('a run configuration', () => {
  let room: RandomRoom;
  const ask = (command: Parameters<RandomRoom['decide']>[1]): string => {
    const decision = room.decide(ADA, command);
    if (decision.kind === 'fact') room.append(decision.body, ADA);
    return decision.kind === 'refused' ? decision.error.code : decision.kind;
  };
  const create = (configuration = TESTS, given: object = {}) =>
    ask({ kind: 'configuration.create', configuration, ...GIVEN, ...given });
  const started = () => {
    const decision = room.decide(ADA, { kind: 'run.start', configuration: TESTS });
    return decision.kind === 'fact' && decision.body.kind === 'run.started' ? decision.body : decision;
  };

  beforeEach(() => {
    room = new RandomRoom();
    open(room);
    room.append({ kind: 'member.joined', participant: ADA, name: 'Ada', hue: 1, role: 'host' }, ADA);
  });

  test('is made, changed and deleted, and Run takes it until then', () => {
    expect(create()).toBe('fact');
    expect(create()).toBe('configuration.exists');
    expect(ask({ kind: 'configuration.pin', configuration: TESTS })).toBe('fact');
    expect(ask({ kind: 'configuration.change', configuration: TESTS, ...GIVEN, name: 'All' })).toBe('fact');
    const { state } = room.fold;
    expect([...state.configurations.values()]).toEqual([{ id: TESTS, ...GIVEN, name: 'All' }]);
    expect(state.pinnedConfiguration).toBe(TESTS);
    expect(ask({ kind: 'configuration.delete', configuration: TESTS })).toBe('fact');
    expect(room.fold.state.pinnedConfiguration).toBe(null);
    for (const kind of ['configuration.delete', 'configuration.pin'] as const) {
      expect(ask({ kind, configuration: TESTS })).toBe('configuration.unknown');
    }
    expect(started()).toMatchObject({ error: { code: 'configuration.unknown' } });
  });

  test('runs its file by whatever name, and says so when it is gone, until it is back', () => {
    create();
    expect(ask({ kind: 'file.rename', file: MAIN, path: 'src/app.py' })).toBe('fact');
    expect(started()).toMatchObject({
      entry: MAIN,
      args: ['-v'],
      configuration: { id: TESTS, name: 'Tests' },
    });
    ask({ kind: 'file.delete', file: MAIN });
    expect(started()).toMatchObject({ error: { code: 'run.entryGone' } });
    const changed = { kind: 'configuration.change', configuration: TESTS, ...GIVEN } as const;
    expect(ask({ ...changed, name: 'Still mine' })).toBe('fact');
    expect(ask({ ...changed, entry: fileId('file-none') })).toBe('file.unknown');
    expect(ask({ ...changed, stdin: fileId('file-none') })).toBe('file.unknown');
    ask({ kind: 'file.restore', file: MAIN });
    expect(started()).toMatchObject({ kind: 'run.started' });
  });

  test('is one of so many that a room keeps', () => {
    for (let n = 0; n < LIMITS.configurations; n++) {
      expect(create(configurationId(`configuration-${n}`))).toBe('fact');
    }
    expect(create()).toBe('configuration.tooMany');
  });
});
