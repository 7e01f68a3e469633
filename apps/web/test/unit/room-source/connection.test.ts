import { type RefusalCode, refusal } from '@codesync/protocol';
import { describe, expect, it } from 'vitest';
import {
  backoff,
  type Link,
  type LinkInput,
  nextLink,
  START,
  toConnection,
} from '../../../src/room-source/connection.ts';

const JOINED: LinkInput = { kind: 'joined', way: 'websocket' };
const lost: LinkInput = { kind: 'lost', random: 0.5, heardAt: null };
const refused = (code: RefusalCode): LinkInput => ({ kind: 'refused', error: refusal(code), random: 0.5 });

/** The states that a story leads through, from a start at time 0; each input comes 100 ms after the one before. */
function story(...inputs: LinkInput[]): Link {
  let link = START;
  inputs.forEach((input, i) => {
    link = nextLink(link, input, (i + 1) * 100);
  });
  return link;
}

describe('the connection', () => {
  it('joins', () => {
    expect(toConnection(story(), null, true)).toEqual({ kind: 'joining' });
    expect(toConnection(story(JOINED), 4, true)).toEqual({ kind: 'online', rttMs: 4, way: 'websocket' });
  });

  it('waits longer after each failure, and says since when it has been trying', () => {
    const first = story(JOINED, lost);
    expect(first).toEqual({ kind: 'waiting', lostAt: 200, attempt: 1, until: 200 + backoff(1, 0.5) });
    const second = nextLink(nextLink(first, { kind: 'due' }, 400), lost, 500);
    expect(second).toEqual({ kind: 'waiting', lostAt: 200, attempt: 2, until: 500 + backoff(2, 0.5) });
    expect(toConnection(second, null, true)).toEqual({ kind: 'reconnecting', since: 200, attempt: 2 });
  });

  it('begins to count anew after it was online', () => {
    const link = story(JOINED, lost, { kind: 'due' }, JOINED, lost);
    expect(link).toMatchObject({ kind: 'waiting', lostAt: 500, attempt: 1 });
  });

  it('was lost when the server was last heard, however late that is found out', () => {
    const online = story(JOINED);
    const silent = nextLink(online, { ...lost, heardAt: 150 }, 20_000);
    expect(silent).toMatchObject({ kind: 'waiting', lostAt: 150 });
    const again = nextLink(nextLink(silent, { kind: 'due' }, 20_500), { ...lost, heardAt: 150 }, 30_000);
    expect(again).toMatchObject({ lostAt: 150, attempt: 2 });
  });

  it('spreads the retries, and never waits longer than eight seconds', () => {
    for (let attempt = 1; attempt < 30; attempt++) {
      expect(backoff(attempt, 0)).toBeGreaterThanOrEqual(100);
      expect(backoff(attempt, 0.999)).toBeLessThanOrEqual(8_000);
      expect(backoff(attempt, 0.9)).toBeGreaterThan(backoff(attempt, 0.1));
    }
  });

  it('tries at once when someone looks, or the network is back', () => {
    const waiting = story(JOINED, lost);
    expect(nextLink(waiting, { kind: 'wake' }, 210).kind).toBe('connecting');
  });

  it('is offline only when it is lost and the browser has no network: a server may be on this machine', () => {
    const online = story(JOINED);
    expect(toConnection(online, 1, false)).toEqual({ kind: 'online', rttMs: 1, way: 'websocket' });
    const waiting = nextLink(online, lost, 200);
    expect(toConnection(waiting, null, false)).toEqual({ kind: 'offline', since: 200 });
    expect(toConnection(nextLink(waiting, { kind: 'due' }, 500), null, false)).toEqual({
      kind: 'offline',
      since: 200,
    });
  });

  it('joins again when the server asks for it', () => {
    expect(story(JOINED, { kind: 'resync' })).toMatchObject({ kind: 'connecting', attempt: 0 });
  });

  it('comes back by itself from a refusal that passes, and not from one for good', () => {
    expect(story(refused('storage.unavailable')).kind).toBe('waiting');
    expect(story(refused('storage.full'))).toMatchObject({ kind: 'waiting', refused: 'storage.full' });
    expect(story(refused('storage.full'), { kind: 'due' })).toMatchObject({ refused: 'storage.full' });
    const away = story(refused('storage.full'), { kind: 'due' }, lost);
    expect(away).not.toHaveProperty('refused');
    expect(story(refused('room.unavailable')).kind).toBe('waiting');
    expect(story(refused('rate.address')).kind).toBe('waiting');
    for (const code of ['room.unknown', 'room.locked', 'room.removed', 'identity.required'] as const) {
      expect(story(refused(code))).toEqual({ kind: 'closed', error: refusal(code) });
    }
    expect(story(refused('protocol.outdated'))).toEqual({ kind: 'outdated' });
  });

  it('stays where it ends', () => {
    const inputs: LinkInput[] = [
      JOINED,
      lost,
      refused('room.full'),
      { kind: 'resync' },
      { kind: 'due' },
      { kind: 'wake' },
      { kind: 'dismissed', error: refusal('room.locked') },
    ];
    const closed = story(JOINED, { kind: 'dismissed', error: refusal('room.removed') });
    const outdated = story(refused('protocol.outdated'));
    for (const end of [closed, outdated]) {
      for (const input of inputs) expect(nextLink(end, input, 1_000)).toBe(end);
    }
  });

  it('is the same object when nothing changes', () => {
    const online = story(JOINED);
    expect(nextLink(online, { kind: 'wake' }, 900)).toBe(online);
    expect(nextLink(online, JOINED, 900)).toBe(online);
  });
});
