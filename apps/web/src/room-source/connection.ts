// The connection of a live room as one state machine. Pure: the driver acts on the state that it enters.
import type { Refusal, RefusalCode, Way } from '@codesync/protocol';
import type { Connection } from './types.ts';

/*
 *                 lost, or the join is refused for now
 *             ┌──────────────────────────────────────────┐
 *             │            joined                 lost   ▼
 *  start ─▶ connecting ──────────────▶ online ───────▶ waiting
 *             ▲  └─────── resync ────────┘               │
 *             └──────────────────────────────────────────┘ due, wake
 *
 *  online ── better ──▶ moving ── joined ──▶ online;  lost, or refused for now ─▶ waiting.  A client that polls has found
 *  a WebSocket, and joins over that; to its person it has been online all the while.
 *
 *  From anywhere: dismissed, or refused for good ─▶ closed;  refused as too old ─▶ outdated.  Both are final.
 *
 *  What the browser says of the network is a hint, since a server on this very machine can be reached without
 *  one: it changes the words and when to try, and the socket decides.
 */

/**
 * Times are Unix milliseconds. `lostAt`: since when this client has not been in the room; null before it first was.
 * `attempt` counts the tries since then, from 0. `refused`: the server answered the last try and does not let this
 * client in for now.
 */
export type Link =
  /** On the way in: the socket opens, or the join waits for its answer. */
  | {
      readonly kind: 'connecting';
      readonly lostAt: number | null;
      readonly attempt: number;
      readonly refused?: RefusalCode;
    }
  | { readonly kind: 'online'; readonly way: Way }
  /** In the room by a way, and on the way in by a better one. */
  | { readonly kind: 'moving'; readonly from: Way }
  /** The next try is at `until`. */
  | {
      readonly kind: 'waiting';
      readonly lostAt: number;
      readonly attempt: number;
      readonly until: number;
      readonly refused?: RefusalCode;
    }
  | { readonly kind: 'outdated' }
  | { readonly kind: 'closed'; readonly error: Refusal };

export type LinkInput =
  | { readonly kind: 'joined'; readonly way: Way }
  /** An open socket of a better way is there. */
  | { readonly kind: 'better' }
  /**
   * The socket failed, closed, or went silent. `random` spreads the retries: at least 0, below 1. `heardAt`: when the
   * server was last heard on it. It is null when that does not tell when the way was lost.
   */
  | { readonly kind: 'lost'; readonly random: number; readonly heardAt: number | null }
  /** The server's answer to a join. */
  | { readonly kind: 'refused'; readonly error: Refusal; readonly random: number }
  /** The server wants another join, or what it sent has a gap. */
  | { readonly kind: 'resync' }
  | { readonly kind: 'dismissed'; readonly error: Refusal }
  /** The waiting time is over. */
  | { readonly kind: 'due' }
  /** Someone looks at the page again, or the network is back: a good moment to try. */
  | { readonly kind: 'wake' };

/** The first retry comes at once: most drops are a blip, or a server that is already starting again. */
const FIRST_DELAY_MS = 200;
const LONGEST_DELAY_MS = 8_000;

const PASSING: ReadonlySet<RefusalCode> = new Set([
  'rate.exceeded',
  'rate.address',
  'room.unavailable',
  'room.newer',
  'room.damaged',
  'storage.unavailable',
  'storage.full',
  'protocol.unjoined',
]);

export const START: Link = { kind: 'connecting', lostAt: null, attempt: 0 };

/** The state after `input`; the same object when nothing changes. */
export function nextLink(link: Link, input: LinkInput, now: number): Link {
  if (link.kind === 'closed' || link.kind === 'outdated') return link;
  switch (input.kind) {
    case 'joined':
      return isJoining(link) ? { kind: 'online', way: input.way } : link;
    case 'better':
      return link.kind === 'online' ? { kind: 'moving', from: link.way } : link;
    case 'lost':
      return isJoining(link) || link.kind === 'online' ? retry(link, input.random, now, input.heardAt) : link;
    case 'refused':
      if (!isJoining(link)) return link;
      if (input.error.code === 'protocol.outdated') return { kind: 'outdated' };
      if (PASSING.has(input.error.code)) {
        return { ...retry(link, input.random, now), refused: input.error.code };
      }
      return { kind: 'closed', error: input.error };
    case 'resync':
      return link.kind === 'online' ? { kind: 'connecting', lostAt: now, attempt: 0 } : link;
    case 'dismissed':
      return input.error.code === 'protocol.outdated'
        ? { kind: 'outdated' }
        : { kind: 'closed', error: input.error };
    case 'due':
    case 'wake':
      return link.kind === 'waiting'
        ? { kind: 'connecting', lostAt: link.lostAt, attempt: link.attempt, ...refusedOf(link) }
        : link;
  }
}

/** What a person is told. `networkUp`: the browser believes that it has a network. */
export function toConnection(link: Link, rttMs: number | null, networkUp: boolean): Connection {
  switch (link.kind) {
    case 'online':
      return { kind: 'online', rttMs, way: link.way };
    case 'moving':
      return { kind: 'online', rttMs, way: link.from };
    case 'connecting':
      return link.lostAt === null ? { kind: 'joining' } : away({ ...link, lostAt: link.lostAt }, networkUp);
    case 'waiting':
      return away(link, networkUp);
    case 'outdated':
      return { kind: 'outdated' };
    case 'closed':
      return { kind: 'closed', error: link.error };
  }
}

/** How long to wait before try number `attempt`: doubling, between half and all of it by chance. */
export function backoff(attempt: number, random: number): number {
  const full = Math.min(FIRST_DELAY_MS * 2 ** (attempt - 1), LONGEST_DELAY_MS);
  return Math.round(full * (0.5 + random / 2));
}

function retry(link: Link, random: number, now: number, heardAt: number | null = null): Waiting {
  const attempt = link.kind === 'connecting' ? link.attempt + 1 : 1;
  const wasIn = link.kind === 'online' || link.kind === 'moving';
  const lost = wasIn && heardAt !== null ? heardAt : lostAt(link, now);
  return { kind: 'waiting', lostAt: lost, attempt, until: now + backoff(attempt, random) };
}

function isJoining(link: Link): boolean {
  return link.kind === 'connecting' || link.kind === 'moving';
}

type Waiting = Link & { readonly kind: 'waiting' };

function lostAt(link: Link, now: number): number {
  return link.kind === 'connecting' || link.kind === 'waiting' ? (link.lostAt ?? now) : now;
}

type Away = { readonly lostAt: number; readonly attempt: number; readonly refused?: RefusalCode };

function away(link: Away, networkUp: boolean): Connection {
  const { lostAt: since, attempt } = link;
  return networkUp
    ? { kind: 'reconnecting', since, attempt, ...refusedOf(link) }
    : { kind: 'offline', since };
}

function refusedOf({ refused }: { readonly refused?: RefusalCode }): { readonly refused?: RefusalCode } {
  return refused === undefined ? {} : { refused };
}
