// Saves what crashed tabs have left. Each of their clients enters the room once more, unseen, to send its edits.
import type { ClientId, ParticipantId, RoomId } from '@codesync/protocol';
import type { ClaimClient } from './claims.ts';
import { LiveRoom, type LiveRoomOptions } from './live-room.ts';
import { isUnsent } from './record.ts';

/** What cannot be saved within this waits for the next visit. */
const PATIENCE_MS = 30_000;

type Around = Pick<LiveRoomOptions, 'openSocket' | 'doubts' | 'clock' | 'page' | 'store' | 'newId'> & {
  readonly claim: ClaimClient;
};

/**
 * Sends what is not in the log of this person's other clients in the room whose tabs are gone, all but those of
 * `except`, one client after the other.
 */
export async function rescue(
  around: Around,
  where: { readonly room: RoomId; readonly secret: string | null; readonly participant: ParticipantId },
  except: ClientId,
): Promise<void> {
  for (const record of await around.store.list()) {
    const { room, client, you } = record;
    if (room !== where.room || client === except || you.id !== where.participant || !isUnsent(record))
      continue;
    const claim = await around.claim(client);
    if (claim === null) continue;
    try {
      await send({ ...around, ...where, client });
    } catch (error) {
      console.warn('what another tab left cannot be sent', error);
    }
    claim.release();
  }
}

async function send(options: Omit<LiveRoomOptions, 'stored'>): Promise<void> {
  const stored = await options.store.load(options.room, options.client);
  if (stored === null) return;
  const left = new LiveRoom({ ...options, stored });
  // Not saved in time: its record stays, and so does the reason to try again.
  await left.flush(PATIENCE_MS).catch(() => undefined);
  await untilSent(left, options.clock);
  await left.close();
}

/** Resolves when nothing of the chat is left to send, or it takes too long. */
function untilSent(left: LiveRoom, clock: LiveRoomOptions['clock']): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      unsubscribe();
      giveUp();
      resolve();
    };
    const look = () => {
      if (left.view().unsent.length === 0) done();
    };
    const giveUp = clock.after(PATIENCE_MS, done);
    const unsubscribe = left.subscribe(look);
    look();
  });
}
