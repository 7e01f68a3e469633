// This person's part in the call, one for each desk, and how it is shown.
import { CallSessionId } from '@codesync/protocol';
import { nanoid } from 'nanoid';
import { createStore, useStore } from 'zustand';
import { Call, type CallStatus } from '../../call/call.ts';
import { perDesk } from '../../desk/desk.ts';
import { useDesk } from '../../desk/hooks.tsx';
import { systemClock } from '../../room-source/clock.ts';
import type { LargeTile } from './tiles.ts';

export const callOf = perDesk(
  (desk) =>
    new Call({
      source: desk.source,
      clock: systemClock,
      newSession: () => CallSessionId.parse(nanoid(20)),
    }),
);

type Shown = {
  /** The tiles are out of sight; what one turns on and off stays. */
  readonly collapsed: boolean;
  /** What is shown large; null: nothing. */
  readonly large: LargeTile | null;
  /** Whoever is in a call that this person does not want to hear of; the time at which it began. */
  readonly passedOver: number | null;
};

export const shownOf = perDesk(() =>
  createStore<Shown>(() => ({ collapsed: false, large: null, passedOver: null })),
);

export function useCall(): Call {
  return callOf(useDesk());
}

/** What `select` takes of how this person's part in the call is: a part that is already there. */
export function useCallStatus<T>(select: (status: CallStatus) => T): T {
  return useStore(useCall().status, select);
}

export function useShown<T>(select: (shown: Shown) => T): T {
  return useStore(shownOf(useDesk()), select);
}
