// Saves what crashed tabs have left. Each of their clients enters the room once more, unseen, to send its edits.
import type { ClientId, ParticipantId, RoomId } from '@codesync/protocol';
import type { ClaimClient } from './claims.ts';
import { LiveRoom, type LiveRoomOptions } from './live-room.ts';

/** An edit that cannot be saved within this waits for the next visit. */
const PATIENCE_MS = 30_000;

type Around = Pick<LiveRoomOptions, 'openSocket' | 'doubts' | 'clock' | 'page' | 'store' | 'newId'> & {
  readonly claim: ClaimClient;
};

/**
 * Sends the unsaved edits of this person's other clients in the room whose tabs are gone, all but those of
 * `except`, one client after the other.
 */
export async function rescue(
  around: Around,
  where: { readonly room: RoomId; readonly secret: string | null; readonly participant: ParticipantId },
  except: ClientId,
): Promise<void> {
  for (const { room, client, you, pending } of await around.store.list()) {
    if (room !== where.room || client === except || you.id !== where.participant || pending.length === 0)
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
  await left.close();
}
