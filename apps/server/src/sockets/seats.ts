// Which socket is behind which seat.
import type { Seat, SeatMessage } from '../rooms/seat.ts';

export class Seats {
  readonly #ways = new Map<string, (message: SeatMessage) => void>();

  /** What a room says to the seat goes to `send`, until the seat is given back. */
  take({ id }: Seat, send: (message: SeatMessage) => void): void {
    this.#ways.set(id, send);
  }

  giveBack({ id }: Seat): void {
    this.#ways.delete(id);
  }

  to({ id }: Seat, message: SeatMessage): void {
    this.#ways.get(id)?.(message);
  }
}
