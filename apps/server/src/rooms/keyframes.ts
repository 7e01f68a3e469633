// When to write down the folded room, so that recovery and replay start near their goal.
import { LIMITS, type RoomEvent } from '@codesync/protocol';

/**
 * Writing keyframes may take this share of the time: a room with megabytes of text, in which every one of
 * them costs tens of milliseconds, gets fewer.
 */
const SHARE = 0.02;

/** Counts what was logged since the last keyframe. */
export class KeyframePolicy {
  #events = 0;
  #outputUnits = 0;
  #firstAt = 0;
  #notBefore = 0;

  /** Takes note of a committed event. */
  note({ body, at }: RoomEvent): void {
    if (this.#events === 0) this.#firstAt = at;
    this.#events++;
    if (body.kind === 'run.output') this.#outputUnits += body.text.length;
  }

  /** Whether anything was logged since the last keyframe. */
  get stale(): boolean {
    return this.#events > 0;
  }

  /** How many ms from `now` a keyframe is due, 0 for at once, null for never as things are. */
  dueIn(now: number): number | null {
    if (!this.stale) return null;
    const full = this.#events >= LIMITS.keyframeEvents || this.#outputUnits >= LIMITS.keyframeOutputBytes;
    const due = full ? now : this.#firstAt + LIMITS.keyframeMs;
    return Math.max(0, Math.max(due, this.#notBefore) - now);
  }

  /** A keyframe is being made at `now`: counting starts anew. */
  begin(): void {
    this.#events = 0;
    this.#outputUnits = 0;
  }

  /** Writing it took `ms`. */
  took(ms: number, now: number): void {
    this.#notBefore = now + ms / SHARE;
  }
}
