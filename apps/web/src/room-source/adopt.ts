// Which client this tab is: the one that it was before a reload, one that a crashed tab left behind, or a new one.
import { ClientId, type ParticipantId, type RoomId } from '@codesync/protocol';
import type { Claim, ClaimClient } from './claims.ts';
import { type ClientRecord, isSpent, type RecordStore, type StoredRoom } from './record.ts';

/**
 * What this tab remembers of itself across reloads. A duplicate of the tab remembers it too, which is why clients are
 * claimed.
 */
export type TabMemory = {
  readonly get: (room: RoomId) => ClientId | null;
  readonly set: (room: RoomId, client: ClientId) => void;
};

export type AdoptOptions = {
  readonly room: RoomId;
  /** Only this person's records are adopted; null: it is not known who this is. */
  readonly participant: ParticipantId | null;
  readonly store: RecordStore;
  readonly claim: ClaimClient;
  readonly tab: TabMemory;
  /** 20 characters of an id. */
  readonly newId: () => string;
  readonly pause: (ms: number) => Promise<void>;
};

/** `stored`: what this client left behind; null for a new one. */
export type Adopted = {
  readonly client: ClientId;
  readonly claim: Claim;
  readonly stored: StoredRoom | null;
};

/** A reloaded page may be here before the old one has let go. */
const RETRIES = 4;
const RETRY_MS = 50;

/** Rejects when the storage cannot be used. */
export async function adopt(options: AdoptOptions): Promise<Adopted> {
  const { room, participant, store, claim, tab, pause } = options;
  const mine = tab.get(room);
  const candidates = (await store.list())
    .filter((record) => record.room === room && (participant === null || record.you.id === participant))
    .sort((a, b) => rank(a, mine) - rank(b, mine));
  for (const { client } of candidates) {
    let held = await claim(client);
    for (let i = 0; held === null && client === mine && i < RETRIES; i++) {
      await pause(RETRY_MS);
      held = await claim(client);
    }
    if (held === null) continue;
    const stored = await store.load(room, client);
    if (stored !== null) {
      tab.set(room, client);
      return { client, claim: held, stored };
    }
    held.release();
  }
  return brandNew(options);
}

/** A client that was never seen before. */
export async function brandNew({
  room,
  claim,
  tab,
  newId,
}: Pick<AdoptOptions, 'room' | 'claim' | 'tab' | 'newId'>): Promise<Adopted> {
  const client = ClientId.parse(newId());
  const held = await claim(client);
  if (held === null) throw new Error('a client id that was just made is in use');
  tab.set(room, client);
  return { client, claim: held, stored: null };
}

/** This tab's own record, then those with something unsaved; otherwise as they come, newest first. */
function rank(record: ClientRecord, mine: ClientId | null): number {
  if (record.client === mine) return 0;
  return isSpent(record) ? 2 : 1;
}

/** Records that only speed up the next visit are forgotten after this long, and beyond so many rooms. */
const KEEP_MS = 30 * 24 * 3_600_000;
const KEEP_ROOMS = 20;

/**
 * Removes the records that nobody needs. Such a record has nothing unsaved in it and its tab is gone. It is also too
 * old, one too many, or not the newest of its room. `room` is the one that is open: its kept record is that of
 * `client`.
 */
export async function sweep(
  { store, claim }: Pick<AdoptOptions, 'store' | 'claim'>,
  { room, client }: { readonly room: RoomId; readonly client: ClientId },
  now: number,
): Promise<void> {
  const rooms = new Set<RoomId>([room]);
  for (const record of await store.list()) {
    if (record.client === client) continue;
    const useful = !rooms.has(record.room) && rooms.size < KEEP_ROOMS && now - record.writtenAt < KEEP_MS;
    rooms.add(record.room);
    if (useful || !isSpent(record)) continue;
    const held = await claim(record.client);
    if (held === null) continue;
    const latest = await store.load(record.room, record.client);
    if (latest === null || isSpent(latest.record)) await store.remove(record.room, record.client);
    held.release();
  }
}
