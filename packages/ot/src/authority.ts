// The server's side of one file: puts edits in order. Pure: it holds no text, socket or log.
import { baseLength, lengthDelta, type Op } from './op.ts';
import { transformOverAll } from './transform.ts';
import { Window, type WindowLimits } from './window.ts';

/** Enough for what is in flight and for a short absence; older edits come from the log. */
const DEFAULT_WINDOW: WindowLimits = { count: 512, size: 65_536 };

/** An edit in its place: `op` makes `version` out of the version before it. */
export interface Accepted {
  readonly accepted: true;
  readonly version: number;
  readonly op: Op;
}

/** The edits after some version, oldest first. */
export interface Past {
  readonly accepted: true;
  readonly edits: readonly Op[];
}

/**
 * Why an edit got no place.
 * - `base-too-old`: the window does not reach back to the version that the edit was made for. The edits that
 *   made the versions `from` to `to` are missing: load them from the log and pass them in.
 * - `base-unknown`: the version that the edit was made for does not exist, or is not a whole number.
 * - `out-of-range`: the edit reaches beyond the end of the text that it was made for.
 */
export type Refused =
  | { readonly accepted: false; readonly code: 'base-too-old'; readonly from: number; readonly to: number }
  | { readonly accepted: false; readonly code: 'base-unknown' }
  | { readonly accepted: false; readonly code: 'out-of-range' };

/** The order of the edits of one file: its version, the length of its text, and the last edits. */
export class Authority {
  #version: number;
  #length: number;
  /** The edits that made the last versions, oldest first. */
  readonly #window: Window;

  /**
   * @param version of the file now.
   * @param length of its text in units.
   */
  constructor(version: number, length: number, limits: WindowLimits = DEFAULT_WINDOW) {
    this.#version = version;
    this.#length = length;
    this.#window = new Window(limits);
  }

  /** The version of the file: how many edits were accepted since it was made. */
  get version(): number {
    return this.#version;
  }

  /** The length of the text in units at this version. */
  get length(): number {
    return this.#length;
  }

  /** The oldest version that an edit can be based on without edits from the log. */
  get oldestBase(): number {
    return this.#version - this.#window.count;
  }

  /**
   * Gives an edit its place, and makes it the newest version: `propose`, then `append`.
   *
   * @param base the version that `op` was made for.
   * @param op in canonical form (see `check`).
   * @param older the edits of the log from version `base + 1` to `oldestBase`, if `base` is before that.
   */
  receive(base: number, op: Op, older: readonly Op[] = []): Accepted | Refused {
    const result = this.propose(base, op, older);
    if (result.accepted) this.append(result.op);
    return result;
  }

  /** What `receive` would return, without taking the edit in: for checks that need the carried edit. */
  propose(base: number, op: Op, older: readonly Op[] = []): Accepted | Refused {
    const past = this.past(base, older, baseLength(op));
    if (!past.accepted) return past;
    return { accepted: true, version: this.#version + 1, op: transformOverAll(op, past.edits) };
  }

  /**
   * What something that was made for version `base` has to be carried over.
   *
   * @param older as for `receive`.
   * @param reach the units of that version's text that it reaches over, from the start.
   */
  past(base: number, older: readonly Op[], reach: number): Past | Refused {
    if (!Number.isSafeInteger(base) || base < 0 || base > this.#version) {
      return { accepted: false, code: 'base-unknown' };
    }
    const oldest = this.oldestBase;
    if (base + older.length < oldest) {
      return { accepted: false, code: 'base-too-old', from: base + 1, to: oldest };
    }
    const edits = this.#since(base, older);
    let lengthAtBase = this.#length;
    for (const edit of edits) lengthAtBase -= lengthDelta(edit);
    if (reach > lengthAtBase) return { accepted: false, code: 'out-of-range' };
    return { accepted: true, edits };
  }

  /** Takes in the edit that makes the next version; it must fit the text of this one. */
  append(op: Op): void {
    this.#version++;
    this.#length += lengthDelta(op);
    this.#window.push(op);
  }

  /** The edits after version `base` that are in memory, or null if the log is needed. */
  editsSince(base: number): readonly Op[] | null {
    return base < this.oldestBase || base > this.#version ? null : this.#since(base, []);
  }

  #since(base: number, older: readonly Op[]): readonly Op[] {
    const oldest = this.oldestBase;
    if (base >= oldest) return this.#window.since(base - oldest);
    return [...older.slice(0, oldest - base), ...this.#window.since(0)];
  }
}
