// The chat: what people say, who may change it, and the places in files that messages point at.
import type { Op } from '@codesync/ot';
import { LIMITS, SendMessage } from '@codesync/protocol';
import { fileId, messageId, participantId } from '@codesync/protocol/testing';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { heardByAll, hostTalkAfter, isHostTalk, keptByAll, RoomFold } from '../src/index.ts';
import { commandOf, happen, open, RandomRoom, steps, whoOf } from './support/random-room.ts';

const ADA = participantId('person-0-person-xx');
const BOB = participantId('person-1-person-xx');
const MAIN = fileId('file-main');
const HELLO = messageId('message-hello');

describe('the chat', () => {
  let room: RandomRoom;
  const ask = (command: Parameters<RandomRoom['decide']>[1], who = ADA): string => {
    const decision = room.decide(who, command);
    if (decision.kind === 'fact') room.append(decision.body, who);
    return decision.kind === 'refused' ? decision.error.code : decision.kind;
  };
  const edit = (op: Op) => ask({ kind: 'edit', file: MAIN, base: version(), op });
  const version = () => room.fold.texts.get(MAIN)!.version;
  const textOf = () => room.fold.texts.get(MAIN)!.buffer.toString();
  const placeOf = (message = HELLO) => room.fold.texts.get(MAIN)?.places?.get(message);
  const pointedAt = () => {
    const { from, to } = placeOf()!;
    return textOf().slice(from, to);
  };
  const message = () => room.fold.state.messages.get(HELLO)!;
  const say = (text = 'hello', place: object = {}) =>
    ask({ kind: 'chat.send', message: HELLO, text, ...place });
  const saySelection = (from: number, to: number, at = version()) =>
    say('look', { place: { file: MAIN, version: at, from, to } });
  const reopened = () => RoomFold.from(JSON.parse(JSON.stringify(room.fold.toKeyframe())));

  beforeEach(() => {
    room = new RandomRoom();
    open(room);
    room.append({ kind: 'member.joined', participant: ADA, name: 'Ada', hue: 1, role: 'host' }, ADA);
    room.append({ kind: 'member.joined', participant: BOB, name: 'Bob', hue: 2, role: 'viewer' }, BOB);
  });

  test('is for viewers too, and a message has one id', () => {
    expect(ask({ kind: 'chat.send', message: HELLO, text: 'hi' }, BOB)).toBe('fact');
    expect(message()).toMatchObject({ by: BOB, text: 'hi', editedAt: null, place: null, reactions: [] });
    expect(say()).toBe('chat.exists');
  });

  test('only whoever wrote a message changes it or takes it back, be it a host', () => {
    ask({ kind: 'chat.send', message: HELLO, text: 'hi' }, BOB);
    expect(ask({ kind: 'chat.edit', message: HELLO, text: 'mine' })).toBe('chat.notYours');
    expect(ask({ kind: 'chat.delete', message: HELLO })).toBe('chat.notYours');
    expect(ask({ kind: 'chat.edit', message: HELLO, text: 'hi all' }, BOB)).toBe('fact');
    expect(message()).toMatchObject({ text: 'hi all' });
    expect(message().editedAt).not.toBe(null);
    expect(ask({ kind: 'chat.delete', message: HELLO }, BOB)).toBe('fact');
    for (const kind of ['chat.edit', 'chat.delete'] as const)
      expect(ask({ kind, message: HELLO, text: 'x' }, BOB)).toBe('chat.unknown');
  });

  test('a reaction is there once for each person, and goes when they take it away', () => {
    say();
    const react = (who = ADA, on = true) =>
      ask({ kind: 'chat.react', message: HELLO, reaction: '🎉', on }, who);
    for (const who of [ADA, ADA, BOB]) expect(react(who)).toBe('fact');
    expect(message().reactions).toEqual([{ reaction: '🎉', by: [ADA, BOB] }]);
    react(ADA, false);
    react(BOB, false);
    expect(message().reactions).toEqual([]);
  });

  test('keeps the newest messages, as many and as long as its limits say, and their places', () => {
    for (let i = 0; i < LIMITS.chatKept + 3; i++) {
      ask({ kind: 'chat.send', message: messageId(`message-${i}`), text: 'x' });
    }
    const { messages } = room.fold.state;
    expect([messages.size, [...messages.keys()][0]]).toEqual([LIMITS.chatKept, 'message-3']);
    const long = 'x'.repeat(LIMITS.chatUnits);
    for (let i = 0; i < LIMITS.chatKeptUnits / LIMITS.chatUnits + 2; i++) {
      ask({ kind: 'chat.send', message: messageId(`long-${i}`), text: long });
    }
    expect(room.fold.state.messages.size).toBe(LIMITS.chatKeptUnits / LIMITS.chatUnits);
  });

  test('a place is carried through edits before, in and around it', () => {
    saySelection(1, 4);
    expect(pointedAt()).toBe('ell');
    edit(['# a line before\n']);
    expect(pointedAt()).toBe('ell');
    const { from } = placeOf()!;
    edit([from, 'E', 1, 'L']);
    expect(pointedAt()).toBe('eLll');
  });

  test('a place of an older version is carried to the newest', () => {
    edit(['0123456789']);
    edit(['abc']);
    saySelection(1, 4, 0);
    expect(pointedAt()).toBe('ell');
  });

  test('a place in a file that is gone, or of a version that is still to come, is left out', () => {
    expect(saySelection(0, 2, 99)).toBe('fact');
    expect(message().place).toBe(null);
    ask({ kind: 'chat.delete', message: HELLO });
    ask({ kind: 'file.delete', file: MAIN });
    expect(say('look', { place: { file: MAIN, version: 0, from: 0, to: 2 } })).toBe('fact');
    expect(message().place).toBe(null);
  });

  test('after its file was deleted and brought back, a message still names the file', () => {
    saySelection(1, 4);
    ask({ kind: 'file.delete', file: MAIN });
    ask({ kind: 'file.restore', file: MAIN });
    edit(['x']);
    expect([message().place, placeOf()]).toEqual([{ file: MAIN, path: 'main.py' }, undefined]);
    expect(reopened().toKeyframe()).toEqual(room.fold.toKeyframe());
  });

  test('a file follows the newest places only', () => {
    const ids = Array.from({ length: LIMITS.chatPlacesPerFile + 1 }, (_, i) => messageId(`message-${i}`));
    for (const id of ids) {
      const place = { file: MAIN, version: 0, from: 0, to: 1 };
      ask({ kind: 'chat.send', message: id, text: 'x', place });
    }
    expect([...room.fold.texts.get(MAIN)!.places!.keys()]).toEqual(ids.slice(1));
    expect(reopened().toKeyframe()).toEqual(room.fold.toKeyframe());
  });

  test('a place stays around what it was around, whatever is typed elsewhere', () => {
    const marked = 'MARKED';
    const typed = fc.array(fc.record({ at: fc.nat(200), text: fc.constantFrom('a', '\n', 'bcd') }), {
      maxLength: 20,
    });
    fc.assert(
      fc.property(typed, fc.nat(6), (all, at) => {
        room = new RandomRoom();
        open(room);
        room.append({ kind: 'member.joined', participant: ADA, name: 'Ada', hue: 1, role: 'host' }, ADA);
        edit([at, marked]);
        saySelection(at, at + marked.length);
        for (const { at: where, text } of all) {
          const { from, to } = placeOf()!;
          const free = where % (textOf().length + 1);
          const place = free > from && free < to ? to : free;
          edit(place === 0 ? [text] : [place, text]);
        }
        expect(pointedAt()).toBe(marked);
      }),
    );
  });

  test('among hosts is for hosts: others can neither say, change nor react, as if it were not there', () => {
    const among = { kind: 'chat.send', message: HELLO, text: 'hidden', hosts: true } as const;
    expect(ask(among, BOB)).toBe('role.host');
    expect(ask(among)).toBe('fact');
    expect([room.fold.state.messages.size, room.fold.state.hostMessages.get(HELLO)?.text]).toEqual([
      0,
      'hidden',
    ]);
    for (const command of [
      { kind: 'chat.edit', message: HELLO, text: 'x' },
      { kind: 'chat.delete', message: HELLO },
      { kind: 'chat.react', message: HELLO, reaction: '👍', on: true },
    ] as const) {
      expect(ask(command, BOB)).toBe('chat.unknown');
      expect(ask(command)).toBe('fact');
      if (command.kind === 'chat.delete') ask(among);
    }
    const told = room.log.slice(4).map((event) => heardByAll(event));
    expect(new Set(told.map(({ body, actor }) => `${body.kind} ${actor}`))).toEqual(
      new Set(['chat.hidden null']),
    );
    expect(JSON.stringify(keptByAll(room.fold.toKeyframe()))).not.toContain('hidden');
    expect(reopened().toKeyframe()).toEqual(room.fold.toKeyframe());
  });

  test('of a room as everyone hears of it is that of the room without what hosts said', () => {
    fc.assert(
      fc.property(steps(60), (all) => {
        const heard = new RoomFold();
        const whole = new RandomRoom();
        open(whole);
        for (const step of all) {
          const decision = whole.decide(whoOf(step), commandOf(whole, step));
          if (decision.kind === 'fact') whole.append(decision.body, whoOf(step));
          happen(whole, step);
        }
        for (const event of whole.log) heard.apply(heardByAll(event));
        expect(heard.toKeyframe()).toEqual(keptByAll(whole.fold.toKeyframe()));
        const talk = whole.log.reduce(
          (messages, event) => (isHostTalk(event.body) ? hostTalkAfter(messages, event) : messages),
          new Map() as ReturnType<typeof hostTalkAfter>,
        );
        expect([...talk]).toEqual([...whole.fold.state.hostMessages]);
      }),
    );
  });

  test('what a hostile client sends as a message does not pass the edge', () => {
    const parses = (more: object) =>
      SendMessage.safeParse({ kind: 'chat.send', message: HELLO, text: 'x', ...more }).success;
    expect(parses({})).toBe(true);
    for (const text of ['', ' \n', 'x'.repeat(LIMITS.chatUnits + 1), '\ud83d', 7, null]) {
      expect([text, parses({ text })]).toEqual([text, false]);
    }
    for (const message of ['__proto__?', 'short', 'x'.repeat(23)]) expect(parses({ message })).toBe(false);
    expect(parses({ by: BOB })).toBe(false);
    expect(parses({ place: { file: MAIN, version: -1, from: 0, to: 0 } })).toBe(false);
    expect(parses({ place: { file: MAIN, version: 0, from: 0.5, to: 1 } })).toBe(false);
  });
});
