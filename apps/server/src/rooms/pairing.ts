// What a room's pairing asks of the world outside: the time of its timer, and whether the driver is still there.
import type { RoomEvent } from '@codesync/protocol';
import { type RoomState, seatIsForfeit } from '@codesync/room';
import type { Clock } from '../ports.ts';
import type { Propose } from './room-log.ts';

type PairingDeps = {
  readonly clock: Clock;
  readonly propose: Propose;
  /** The room as it is folded, ahead of what is durable. */
  readonly state: () => RoomState;
};

export class RoomPairing {
  readonly #deps: PairingDeps;
  #callOff: (() => void) | null = null;

  constructor(deps: PairingDeps) {
    this.#deps = deps;
  }

  /** Takes up the timer of a room that is opened. One whose time has passed meanwhile ends now. */
  open(): void {
    this.#wait();
  }

  /** This was proposed. */
  follow({ body: { kind } }: Pick<RoomEvent, 'body'>): void {
    if (kind.startsWith('timer.')) this.#wait();
    if (kind.startsWith('member.') && seatIsForfeit(this.#deps.state())) {
      this.#deps.propose({ kind: 'driver.changed', driver: null }, null);
    }
  }

  close(): void {
    this.#callOff?.();
    this.#callOff = null;
  }

  #wait(): void {
    this.close();
    const { clock, propose, state } = this.#deps;
    const timer = state().timer?.state;
    if (timer?.kind !== 'running') return;
    this.#callOff = clock.after(Math.max(0, timer.endsAt - clock.now()), () => {
      this.#callOff = null;
      propose({ kind: 'timer.ended' }, null);
    });
  }
}
