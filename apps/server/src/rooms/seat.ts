import type {
  ClientId,
  HostTalk,
  IncomingSignal,
  Leading,
  Participant,
  Refusal,
  RoomEvent,
  Summons,
  TerminalScreen,
  TerminalState,
  Welcome,
} from '@codesync/protocol';

/**
 * A client's place in a room, from one join to its end. Plain data, which may be sent to another process. Its holder
 * asks the room by it, and the room answers by it with `Audience.to`.
 */
export type Seat = {
  /** Of this join alone. When the same client joins again, it has another one. */
  readonly id: string;
  readonly client: ClientId;
  readonly participant: Participant;
  /** The network address that it comes from. */
  readonly network: string;
};

/** What a room says to one client. Plain data. */
export type SeatMessage =
  /** The answer to a join. From here on the client gets what is told to everyone in the room. */
  | {
      readonly kind: 'welcome';
      readonly welcome: RoomWelcome;
      /** Events that were committed while the welcome was being made: the client hears of them right after it. */
      readonly missed: readonly RoomEvent[];
    }
  /** Events for this client alone: the answer to a resend. */
  | { readonly kind: 'events'; readonly events: readonly RoomEvent[] }
  /** `clientSeq` is null for what was no command. */
  | { readonly kind: 'refused'; readonly clientSeq: number | null; readonly error: Refusal }
  /** Of terminals that the client watches. They keep their own order and may overtake the rest. */
  | { readonly kind: 'terminal'; readonly frame: Uint8Array }
  | { readonly kind: 'terminalState'; readonly state: TerminalState }
  | { readonly kind: 'terminalScreen'; readonly screen: TerminalScreen }
  /** From another client in the call. */
  | { readonly kind: 'signal'; readonly signal: IncomingSignal }
  /** For hosts alone. */
  | { readonly kind: 'hostTalk'; readonly talk: HostTalk }
  /** Who asks everyone to follow now. */
  | { readonly kind: 'leading'; readonly leading: Leading | null }
  /** The client is asked to come to a place. */
  | { readonly kind: 'summons'; readonly summons: Summons }
  /** The end of this client's stay. */
  | { readonly kind: 'dismissed'; readonly error: Refusal };

/** A welcome without what only the server as a whole knows. */
export type RoomWelcome = Omit<Welcome, 'sandbox' | 'storage'>;
