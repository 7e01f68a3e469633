/** Pairing: who drives, and the timer that says when to swap. */
import { z } from 'zod';
import { ParticipantId } from './ids.ts';
import { LIMITS } from './limits.ts';

const Minutes = z.int().min(1).max(LIMITS.timerMinutes);

/** Give the driver's seat to somebody, take it for oneself, or leave it to nobody (null). */
export const SetDriver = z.strictObject({ kind: z.literal('driver.set'), driver: ParticipantId.nullable() });
/** Start the room's timer. */
export const StartTimer = z.strictObject({ kind: z.literal('timer.start'), minutes: Minutes });
export const PauseTimer = z.strictObject({ kind: z.literal('timer.pause') });
export const ResumeTimer = z.strictObject({ kind: z.literal('timer.resume') });
/** Take the timer away, whether it runs or not. */
export const StopTimer = z.strictObject({ kind: z.literal('timer.stop') });

/** The times of these are the events' own. */
export const DriverChanged = z.object({
  kind: z.literal('driver.changed'),
  driver: ParticipantId.nullable(),
});
export const TimerStarted = z.object({ kind: z.literal('timer.started'), minutes: z.int().min(1) });
export const TimerPaused = z.object({ kind: z.literal('timer.paused') });
export const TimerResumed = z.object({ kind: z.literal('timer.resumed') });
export const TimerStopped = z.object({ kind: z.literal('timer.stopped') });
/** Its time is up. */
export const TimerEnded = z.object({ kind: z.literal('timer.ended') });

/** Moments are Unix milliseconds by the server's clock. */
export const TimerState = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('running'), endsAt: z.number() }),
  z.object({ kind: z.literal('paused'), leftMs: z.number().min(0) }),
  z.object({ kind: z.literal('ended'), at: z.number() }),
]);
export type TimerState = z.infer<typeof TimerState>;

/** The room's timer. `by` has started it. */
export const PairTimer = z.object({
  by: ParticipantId.nullable(),
  minutes: z.int().min(1),
  state: TimerState,
});
export type PairTimer = z.infer<typeof PairTimer>;
