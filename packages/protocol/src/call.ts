/**
 * Calls: voice, camera and screen between people of a room. Media goes from page to page and never through the server,
 * which knows who is in the call and hands descriptions and candidates from one of them to another. None of it is kept.
 */
import { z } from 'zod';
import type { Refusal } from './errors.ts';
import { CallSessionId, ClientId, type ParticipantId } from './ids.ts';
import { LIMITS } from './limits.ts';
import { WellFormedText } from './text.ts';

/** What somebody in a call sends. */
export const MediaKind = z.enum(['microphone', 'camera', 'screen']);
export type MediaKind = z.infer<typeof MediaKind>;

/** What is on. */
export const CallMedia = z.strictObject({
  microphone: z.boolean(),
  camera: z.boolean(),
  screen: z.boolean(),
});
export type CallMedia = z.infer<typeof CallMedia>;

/**
 * What a client asks of the call.
 *
 * - `join`: come into it, or back into it after a cut. `session` names this stay: who comes back by the same one
 *   finds the connections to the others as they were.
 * - `set`: what of its media is on from now; what is not named stays as it is.
 * - `mute`: silence another one, for hosts. They can speak again when they turn their microphone on.
 * - `renew`: servers for finding a way, with credentials that are valid for longer.
 */
export const CallRequest = z.discriminatedUnion('ask', [
  z.strictObject({ ask: z.literal('join'), session: CallSessionId, media: CallMedia }),
  z.strictObject({ ask: z.literal('leave') }),
  z.strictObject({ ask: z.literal('set'), media: CallMedia.partial() }),
  z.strictObject({ ask: z.literal('mute'), client: ClientId }),
  z.strictObject({ ask: z.literal('renew') }),
]);
export type CallRequest = z.infer<typeof CallRequest>;

/** A STUN or TURN server, as browsers take it. */
export type IceServer = {
  readonly urls: readonly string[];
  readonly username?: string;
  readonly credential?: string;
};

/** How peers find a way to each other. `validMs`: how long from now the credentials hold, null where there are none. */
export type IceServers = { readonly servers: readonly IceServer[]; readonly validMs: number | null };

/** `ice` comes with `join` and `renew`. */
export type CallReply =
  | { readonly ok: true; readonly ice: IceServers | null }
  | { readonly ok: false; readonly error: Refusal };

/** Somebody in the call. */
export type CallMember = CallMedia & {
  readonly client: ClientId;
  readonly participant: ParticipantId;
  readonly session: CallSessionId;
  /** Unix milliseconds, by the server's clock. */
  readonly joinedAt: number;
  /** The host who silenced them, until they turn their microphone on. */
  readonly mutedBy: ParticipantId | null;
};

/** Who is in the call, in the order in which they came. */
export type CallState = { readonly members: readonly CallMember[] };

export const NOBODY_CALLS: CallState = { members: [] };

/** What one page says to another for finding a way between them. */
export const PeerSignal = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('description'),
    type: z.enum(['offer', 'answer']),
    sdp: WellFormedText.max(LIMITS.descriptionUnits),
  }),
  /** `candidate` is empty when there are no more. */
  z.strictObject({
    kind: z.literal('candidate'),
    candidate: WellFormedText.max(LIMITS.candidateUnits),
    sdpMid: WellFormedText.max(64).nullable(),
    sdpMLineIndex: z.int().min(0).max(64).nullable(),
    usernameFragment: WellFormedText.max(256).nullable(),
  }),
  /** Asks whoever may for a new connection in the place of this one, which does not get through. */
  z.strictObject({ kind: z.literal('restart') }),
]);
export type PeerSignal = z.infer<typeof PeerSignal>;

const addressed = {
  /** The stay of whoever is to hear it: what was meant for an earlier one is dropped. */
  session: CallSessionId,
  /** Which of the connections that the two made one after the other it is about, counted from 1. */
  generation: z.int().min(1).max(1_000_000),
  signal: PeerSignal,
};

/** A signal for one other client in the call. */
export const OutgoingSignal = z.strictObject({ to: ClientId, ...addressed });
export type OutgoingSignal = z.infer<typeof OutgoingSignal>;

/** The same as it comes: `session` is the stay of whoever sent it. The server says who that is. */
export const IncomingSignal = z.strictObject({ from: ClientId, ...addressed });
export type IncomingSignal = z.infer<typeof IncomingSignal>;

/** Whether the signal was handed on. */
export type SignalReply = { readonly ok: true } | { readonly ok: false; readonly error: Refusal };
