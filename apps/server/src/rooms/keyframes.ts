// When to write down the folded room, so that recovery and replay start near their goal.
import { type Keyframe, LIMITS, type RoomEvent } from '@codesync/protocol';
import { outputUnits } from './text-units.ts';

/**
 * Writing keyframes may take this share of a processor, so a room with megabytes of text gets fewer. The cost is
 * reckoned by size. If it went by the clock, a store that is slow for a while would leave replay without keyframes.
 */
const SHARE = 0.02;
const UNITS_PER_MS = 25_000;

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
    if (body.kind === 'run.output') this.#outputUnits += outputUnits(body);
  }

  /** Whether anything was logged since the last keyframe. */
  get stale(): boolean {
    return this.#events > 0;
  }

  /** How many ms from `now` a keyframe is due, 0 for at once, null for never as things are. */
  dueIn(now: number): number | null {
    if (!this.stale) return null;
    const full = this.#events >= LIMITS.keyframeEvents || this.#outputUnits >= LIMITS.keyframeOutputUnits;
    const due = full ? now : this.#firstAt + LIMITS.keyframeMs;
    return Math.max(0, Math.max(due, this.#notBefore) - now);
  }

  /** A keyframe is being made at `now`: counting starts anew. */
  begin(): void {
    this.#events = 0;
    this.#outputUnits = 0;
  }

  /** It was written at `now`. */
  wrote({ files, runs }: Keyframe, now: number): void {
    let units = 0;
    for (const { text } of files) units += text.length;
    for (const { output } of runs) for (const piece of output) units += outputUnits(piece);
    this.#notBefore = now + units / UNITS_PER_MS / SHARE;
  }
}
