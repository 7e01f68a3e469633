// A room as another process would reach it: everything goes over as JSON, and a little later.
import { expect } from 'vitest';
import type { Audience } from '../../src/rooms/audience.ts';
import type { RoomHandle } from '../../src/rooms/room-handle.ts';
import type { Way } from './actor.ts';

/** What arrives of a value on the other side. JSON carries all of it but bytes, or the test fails. */
function carried<T>(value: T): T {
  if (value === undefined) return value;
  const parts: Uint8Array[] = [];
  const json = JSON.stringify(value, (_, part) =>
    part instanceof Uint8Array ? { bytes: parts.push(part) } : part,
  );
  const arrived: T = JSON.parse(json, (_, part) => {
    const number: unknown = Object(part).bytes;
    return typeof number === 'number' ? parts[number - 1] : part;
  });
  expect(arrived).toEqual(value);
  return arrived;
}

/** One direction: what goes in comes out in order, never in the same turn. */
class Line {
  #last: Promise<unknown> = Promise.resolve();

  /** `act`, called at the other end. */
  say<A extends readonly unknown[]>(act: (...args: A) => void): (...args: A) => void {
    return (...args) => {
      const arrived = carried(args);
      this.#last = this.#last.then(() => act(...arrived));
    };
  }

  /** `act`, called at the other end, and its result. The next call waits until it was called, not for the result. */
  ask<A extends readonly unknown[], T>(act: (...args: A) => Promise<T>): (...args: A) => Promise<T> {
    return (...args) => {
      const arrived = carried(args);
      const called = this.#last.then(() => ({ result: act(...arrived) }));
      this.#last = called;
      return called.then(({ result }) => result).then(carried);
    };
  }
}

function remoteRoom(room: RoomHandle): RoomHandle {
  const line = new Line();
  return {
    id: room.id,
    join: line.ask((...args) => room.join(...args)),
    leave: line.say((...args) => room.leave(...args)),
    command: line.say((...args) => room.command(...args)),
    terminal: line.say((...args) => room.terminal(...args)),
    presence: line.say((...args) => room.presence(...args)),
    guide: line.ask((...args) => room.guide(...args)),
    call: line.ask((...args) => room.call(...args)),
    signal: line.ask((...args) => room.signal(...args)),
    hear: line.say((...args) => room.hear(...args)),
    check: line.ask((...args) => room.check(...args)),
    healed: line.ask((...args) => room.healed(...args)),
    runs: line.ask((...args) => room.runs(...args)),
    may: line.ask((...args) => room.may(...args)),
    invitation: line.ask((...args) => room.invitation(...args)),
    role: line.ask((...args) => room.role(...args)),
    blobsInUse: line.ask((...args) => room.blobsInUse(...args)),
    links: line.ask(() => room.links()),
    figures: line.ask(() => room.figures()),
  };
}

function remoteAudience(audience: Audience): Audience {
  const line = new Line();
  return {
    to: line.say((...args) => audience.to(...args)),
    events: line.say((...args) => audience.events(...args)),
    presence: line.say((...args) => audience.presence(...args)),
    lost: line.say((...args) => audience.lost(...args)),
    disk: line.say((...args) => audience.disk(...args)),
    call: line.say((...args) => audience.call(...args)),
    resync: line.say((...args) => audience.resync(...args)),
  };
}

/** Rooms of another process. */
export const REMOTE: Way = { room: remoteRoom, audience: remoteAudience };
