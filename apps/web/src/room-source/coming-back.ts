// The story of coming back to a room: after a reload, after a crash, or in another tab. Read it from top to bottom.
//
// 1. What was left. Each client keeps a record in this browser's storage (record.ts): a keyframe, the events after it,
//    what is pending in each file, the next command's number, and the notices. It is written before anything is sent
//    (outgoing.ts). A page that is about to go writes once more, at once (last-words.ts).
import type { ClientId, ParticipantId, RoomId } from '@codesync/protocol';
import { type Adopted, type AdoptOptions, adopt, brandNew, sweep, type TabMemory } from './adopt.ts';
import type { ClaimClient } from './claims.ts';
import { LiveRoom, type LiveRoomOptions } from './live-room.ts';
import { rescue } from './rescue.ts';
import type { LiveView } from './types.ts';

/** The world around a live room; tests bring their own. */
export type World = Pick<LiveRoomOptions, 'openSocket' | 'doubts' | 'clock' | 'page' | 'store'> & {
  readonly claim: ClaimClient;
  readonly tab: TabMemory;
  /** 20 characters of an id. */
  readonly newId: () => string;
};

export type Where = {
  readonly room: RoomId;
  /** A link's; null for members. */
  readonly secret: string | null;
  /** Null: it is not known who this is. Else what another person left on this device is left alone. */
  readonly participant: ParticipantId | null;
};

/** A storage that has said nothing for this long is not waited for. It must not keep anyone out of the room. */
const STORAGE_MS = 4_000;

/**
 * 2. Which client this tab is (adopt.ts): the one that it was before the reload, else one that a tab left behind, those
 *    with something unsaved first, else a new one. A client belongs to one tab at a time: the tab claims it (claims.ts),
 *    and a tab that is a duplicate of another one finds it taken. The record of another person is left alone.
 */
export async function findClient(world: World, where: Where): Promise<Adopted> {
  const pause = (ms: number) => new Promise<void>((resolve) => world.clock.after(ms, resolve));
  const options: AdoptOptions = { ...world, ...where, pause };
  const adopting = adopt(options);
  let adopted: Adopted | null = null;
  try {
    adopted = await Promise.race([adopting, pause(STORAGE_MS).then(() => null)]);
    // It came too late. What that client left is for `tidyUp`.
    if (adopted === null) adopting.then(({ claim }) => claim.release()).catch(() => undefined);
  } catch (error) {
    console.warn('this browser keeps nothing for this page', error);
  }
  return adopted ?? newClient(world, where);
}

/** A client that was never seen before. */
export function newClient(world: World, where: Where): Promise<Adopted> {
  return brandNew({ ...world, ...where });
}

/**
 * 3. The room as this device has it is shown at once, before any answer of the server: the keyframe, the events after
 *    it, and on each text what is pending in it (`Replica.restore`). Null when the record makes no sense. That must not
 *    lock anyone out of the room: the record stays where it is, and the tab enters as a new client.
 */
export function enter(world: World, where: Where, { client, claim, stored }: Adopted): LiveRoom | null {
  try {
    return new LiveRoom({ ...world, ...where, client, stored });
  } catch (error) {
    if (stored === null) throw error;
    console.error('what this device kept of the room cannot be read', error);
    claim.release();
    return null;
  }
}

// 4. The room joins (session.ts). The first join after a reload asks for a keyframe, since the record holds no output
//    of runs. It names the version that each pending edit was made for, and the server answers with the way from there
//    (`Replica.restart`): what is pending is carried over it, and an edit that was sent before the reload and is in the
//    log is found there by its number. Where the log does not reach back so far, the texts are compared instead. Later
//    joins of the same page ask for the events that they missed (`Replica.resume`), with the same effect.
//
// 5. What is still pending is sent (outgoing.ts): commands in the order of their numbers. An edit that was in flight
//    goes out under the number that it had, so the log takes it once. Its file's buffer follows when it is answered.

/** The server knows this record's client as another person's, whose cookie is another one. */
export function isOfAnother({ connection }: LiveView, { stored }: Adopted): boolean {
  const isRefused = connection.kind === 'closed' && connection.error.code === 'protocol.malformed';
  return isRefused && stored !== null;
}

/**
 * 6. When the room is joined, it is time for what this person's other tabs left in it when they crashed. Each of their
 * clients enters the room once more, unseen and one after the other, until its edits are in the log (rescue.ts). Then
 * the records that nobody needs are removed.
 */
export async function tidyUp(
  world: World,
  where: Where & { readonly participant: ParticipantId },
  client: ClientId,
): Promise<void> {
  try {
    await rescue(world, where, client);
    await sweep(world, { room: where.room, client }, world.clock.now());
  } catch (error) {
    console.warn('what other tabs left could not be tidied up', error);
  }
}
