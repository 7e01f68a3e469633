import { z } from 'zod';
import { ClientId, FileId, ParticipantId, TerminalId } from './ids.ts';
import { LIMITS } from './limits.ts';

/** `anchor` is where a selection began, `head` is where its cursor stands. Positions are UTF-16. */
export const Span = z.strictObject({ anchor: z.int().min(0), head: z.int().min(0) });
export type Span = z.infer<typeof Span>;

/**
 * Where someone is in a file, in positions of the file at `version`; receivers carry it through later edits. The first
 * of `spans` is the main one.
 */
export const Cursors = z.strictObject({
  file: FileId,
  version: z.int().min(0),
  spans: z.array(Span).min(1).max(LIMITS.cursors),
});
export type Cursors = z.infer<typeof Cursors>;

/**
 * What is in sight of a file, in positions of the file at `version`; receivers carry them through later edits. `from`
 * and `to` are the beginnings of the first and of the last line in sight. Of a file that is no text all are 0.
 */
export const Viewport = z.strictObject({
  file: FileId,
  version: z.int().min(0),
  from: z.int().min(0),
  to: z.int().min(0),
});
export type Viewport = z.infer<typeof Viewport>;

/** `idle`: no key and no mouse for a while. `away`: the page is out of sight. */
export const Attention = z.enum(['active', 'idle', 'away']);
export type Attention = z.infer<typeof Attention>;

/**
 * What someone does besides editing, which the log tells. `terminal`: the one that has their keyboard. `watching`: the
 * one that their screen shows. `following`: whose screen theirs goes along with.
 */
export const Activity = z.strictObject({
  attention: Attention,
  terminal: TerminalId.nullable(),
  watching: TerminalId.nullable(),
  following: ParticipantId.nullable(),
  speaking: z.boolean(),
});
export type Activity = z.infer<typeof Activity>;

/** Of whom nothing else was heard yet. */
export const JUST_HERE: Activity = {
  attention: 'active',
  terminal: null,
  watching: null,
  following: null,
  speaking: false,
};

/**
 * What a client says of itself. `clock` counts its updates and must grow. `cursors`: null when it is in no text.
 * `viewport`: null when no file is in sight.
 */
export const PresenceUpdate = z.strictObject({
  clock: z.int().min(1),
  cursors: Cursors.nullable(),
  viewport: Viewport.nullable(),
  activity: Activity,
});
export type PresenceUpdate = z.infer<typeof PresenceUpdate>;

/**
 * Whose connection is lost, as far as the server knows. They keep their seats for a while. `clients`: those who
 * were silent for `LIMITS.silentMs`. `people`: those of whom no client is heard.
 */
export type Lost = { readonly clients: readonly ClientId[]; readonly people: readonly ParticipantId[] };

/**
 * One register of the presence map: a client that is in the room, or has left it (`gone`). The server fills in whose
 * it is, and makes the first one of a client that comes. That client's own updates have clocks above it.
 */
export const PresenceEntry = z.object({
  client: ClientId,
  participant: ParticipantId,
  clock: z.int().min(0),
  cursors: Cursors.nullable(),
  viewport: Viewport.nullable(),
  activity: Activity,
  gone: z.boolean(),
});
export type PresenceEntry = z.infer<typeof PresenceEntry>;
