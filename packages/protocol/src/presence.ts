import { z } from 'zod';
import { ClientId, FileId, ParticipantId } from './ids.ts';

/**
 * Where someone is in a file, in positions of the file at `version`; receivers carry it through later edits.
 * `anchor` is where the selection began, `head` is where the cursor stands.
 */
export const Cursor = z.strictObject({
  file: FileId,
  version: z.int().min(0),
  anchor: z.int().min(0),
  head: z.int().min(0),
});
export type Cursor = z.infer<typeof Cursor>;

/**
 * What a client says of itself. `clock` counts its updates and must grow. `cursor`: null when it is nowhere.
 */
export const PresenceUpdate = z.strictObject({ clock: z.int().min(1), cursor: Cursor.nullable() });
export type PresenceUpdate = z.infer<typeof PresenceUpdate>;

/**
 * Whose connection is lost, as far as the server knows. They keep their seats for a while. `clients`: those who
 * were silent for `LIMITS.silentMs`. `people`: those of whom no client is heard.
 */
export type Lost = { readonly clients: readonly ClientId[]; readonly people: readonly ParticipantId[] };

/** One register of the presence map. The server fills in whose it is. `gone`: that client has left. */
export const PresenceEntry = z.object({
  client: ClientId,
  participant: ParticipantId,
  clock: z.int().min(0),
  cursor: Cursor.nullable(),
  gone: z.boolean(),
});
export type PresenceEntry = z.infer<typeof PresenceEntry>;
