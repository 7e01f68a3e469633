// Pairing: the driver's seat, and the timer that says when to swap. Pure.
import type {
  CommandKind,
  EventKind,
  Member,
  PairTimer,
  ParticipantId,
  TimerState,
} from '@codesync/protocol';
import { fact, refuse } from '../decision.ts';
import type { Noun } from '../noun.ts';
import type { MembersPart } from './participants.ts';

export type PairingPart = {
  /** Who has the driver's seat; null: nobody. It says who leads. It keeps nobody from typing. */
  readonly driver: ParticipantId | null;
  readonly timer: PairTimer | null;
};

type Of<Kind> = Extract<Kind, `${'driver' | 'timer'}.${string}`>;
type Seen = PairingPart & MembersPart;

const MINUTE_MS = 60_000;

export const pairing: Noun<{
  part: PairingPart;
  kept: 'driver' | 'timer';
  events: Of<EventKind>;
  commands: Of<CommandKind>;
  sees: Seen;
}> = {
  empty: { driver: null, timer: null },

  fold: {
    // A timer that has ended was the sign to do this, and has done its work.
    'driver.changed': (state, { driver }) => ({
      ...state,
      driver,
      timer: state.timer?.state.kind === 'ended' ? null : state.timer,
    }),
    'timer.started': (state, { minutes }, { at, actor }) => ({
      ...state,
      timer: { by: actor, minutes, state: { kind: 'running', endsAt: at + minutes * MINUTE_MS } },
    }),
    'timer.paused': (state, _, { at }) =>
      moved(state, 'running', ({ endsAt }) => ({ kind: 'paused', leftMs: Math.max(0, endsAt - at) })),
    'timer.resumed': (state, _, { at }) =>
      moved(state, 'paused', ({ leftMs }) => ({ kind: 'running', endsAt: at + leftMs })),
    'timer.stopped': (state) => ({ ...state, timer: null }),
    'timer.ended': (state, _, { at }) => moved(state, 'running', () => ({ kind: 'ended', at })),
  },

  decide: {
    'driver.set': ({ fold: { state } }, actor, { driver }) => {
      if (driver === state.driver) return refuse('driver.same');
      if (!mayGive(state, actor, driver)) return refuse('driver.notYours');
      if (driver !== null && !canDrive(state.members.get(driver))) return refuse('driver.cannot');
      return fact({ kind: 'driver.changed', driver });
    },
    'timer.start': ({ fold: { state } }, _, { minutes }) =>
      state.timer === null || state.timer.state.kind === 'ended'
        ? fact({ kind: 'timer.started', minutes })
        : refuse('timer.going'),
    'timer.pause': ({ fold: { state } }) =>
      state.timer?.state.kind === 'running' ? fact({ kind: 'timer.paused' }) : refuse('timer.none'),
    'timer.resume': ({ fold: { state } }) =>
      state.timer?.state.kind === 'paused' ? fact({ kind: 'timer.resumed' }) : refuse('timer.none'),
    'timer.stop': ({ fold: { state } }) =>
      state.timer === null ? refuse('timer.none') : fact({ kind: 'timer.stopped' }),
  },

  toKeyframe: ({ driver, timer }) => ({ driver, timer }),
  fromKeyframe: ({ driver, timer }) => ({ driver, timer }),
};

/** Whether somebody has the driver's seat who cannot have it any more: they left, were removed, or only view. */
export function seatIsForfeit(state: Seen): boolean {
  return state.driver !== null && !canDrive(state.members.get(state.driver));
}

/**
 * Whose turn it is to drive next: of those who are here and may edit, in the order in which they first joined, the one
 * after the driver. Null when there is nobody but the driver.
 */
export function nextDriver(state: Seen): ParticipantId | null {
  const able = [...state.members.values()].filter(canDrive).map(({ id }) => id);
  const at = state.driver === null ? -1 : able.indexOf(state.driver);
  const next = able[(at + 1) % able.length];
  return next === undefined || next === state.driver ? null : next;
}

/** Whether somebody may ask everyone to follow them. */
export function mayLead(state: Seen, who: ParticipantId): boolean {
  return state.driver === who || state.members.get(who)?.role === 'host';
}

/**
 * The driver and hosts give the seat to whom they like. Others take it when nobody has it, and when the time is up and
 * it is their turn.
 */
export function mayGive(state: Seen, actor: ParticipantId, driver: ParticipantId | null): boolean {
  if (state.driver === actor || state.members.get(actor)?.role === 'host') return true;
  if (driver !== actor) return false;
  return state.driver === null || (state.timer?.state.kind === 'ended' && nextDriver(state) === actor);
}

function canDrive(member: Member | undefined): boolean {
  return member?.here === true && !member.removed && member.role !== 'viewer';
}

/** The timer in its next state, if it is in that one; else as it is: what was overtaken changes nothing. */
function moved<State extends PairingPart, Kind extends TimerState['kind']>(
  state: State,
  from: Kind,
  next: (before: Extract<TimerState, { kind: Kind }>) => TimerState,
): State {
  const before = state.timer?.state;
  if (!isKind(before, from)) return state;
  return { ...state, timer: { ...state.timer!, state: next(before) } };
}

function isKind<Kind extends TimerState['kind']>(
  state: TimerState | undefined,
  kind: Kind,
): state is Extract<TimerState, { kind: Kind }> {
  return state?.kind === kind;
}
