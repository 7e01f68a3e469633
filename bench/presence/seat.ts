/** What the bench needs of a way to tell others where one is. */

/** Told that somebody is seen at `place`. `who`: the number that they moved with. */
export type OnSeen = (who: number, place: number) => void;

/** Somebody in a room, over a socket of their own. */
export type Seat = {
  /** Puts the own cursor there. */
  move(place: number): void;
  /** Bytes that its socket has received so far, frames and pings and all. */
  received(): number;
  close(): void;
};

/** One room on a server of its own. `who` counts from 0. */
export type Stage = {
  sit(who: number, onSeen: OnSeen): Promise<Seat>;
  stop(): Promise<void>;
};

/** The cursors are in a text of so many units. */
export const PLACES = 10_000;
