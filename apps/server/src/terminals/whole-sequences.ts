// Cuts what a shell writes where a terminal is between two things: not within a character, not within a control
// sequence. Pure. The states are those of Paul Williams' parser for DEC terminals (vt100.net), as far as a cut needs
// them.

type State = 'ground' | 'escape' | 'sequence' | 'string' | 'stringEscape';

const ESC = 0x1b;
const BEL = 0x07;
const CAN = 0x18;
const SUB = 0x1a;

/** What does not end by itself after so many bytes is handed on all the same. */
export const LONGEST_SEQUENCE = 65_536;

export class WholeSequences {
  #state: State = 'ground';
  /** Bytes that are still to come of a character in UTF-8. */
  #missing = 0;
  #held: Uint8Array[] = [];
  #heldBytes = 0;

  /** What was pushed and not handed on: the beginning of something. */
  get held(): Uint8Array {
    return joined(this.#held, this.#heldBytes);
  }

  /** What can be written into a terminal now: everything up to the last place between two things. */
  push(bytes: Uint8Array): Uint8Array {
    let cut = -1;
    for (let at = 0; at < bytes.length; at++) {
      this.#step(bytes[at]!);
      if (this.#state === 'ground' && this.#missing === 0) cut = at;
    }
    const rest = bytes.length - cut - 1;
    if (cut < 0 && this.#heldBytes + rest <= LONGEST_SEQUENCE) {
      this.#hold(bytes);
      return EMPTY;
    }
    const end = this.#heldBytes + rest > LONGEST_SEQUENCE ? bytes.length : cut + 1;
    const whole = joined([...this.#held, bytes.subarray(0, end)], this.#heldBytes + end);
    this.#held = [];
    this.#heldBytes = 0;
    if (end < bytes.length) this.#hold(bytes.subarray(end));
    return whole;
  }

  #hold(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#held.push(bytes);
    this.#heldBytes += bytes.length;
  }

  #step(byte: number): void {
    switch (this.#state) {
      case 'ground':
        this.#character(byte);
        return;
      case 'escape':
        if (byte === ESC) return;
        if (byte === 0x5b) this.#state = 'sequence';
        else if (byte === 0x5d || byte === 0x50 || byte === 0x58 || byte === 0x5e || byte === 0x5f) {
          this.#state = 'string';
        } else if (byte < 0x20 || byte > 0x2f) this.#state = 'ground';
        return;
      case 'sequence':
        if (byte === ESC) this.#state = 'escape';
        else if (byte >= 0x40 || byte === CAN || byte === SUB) this.#state = 'ground';
        return;
      case 'string':
        if (byte === ESC) this.#state = 'stringEscape';
        else if (byte === BEL || byte === CAN || byte === SUB) this.#state = 'ground';
        return;
      case 'stringEscape':
        // `ESC \` ends the string; any other escape ends it too, and begins something of its own.
        this.#state = 'escape';
        this.#step(byte);
    }
  }

  #character(byte: number): void {
    if (this.#missing > 0 && (byte & 0xc0) === 0x80) this.#missing--;
    else if (byte === ESC) {
      this.#missing = 0;
      this.#state = 'escape';
    } else this.#missing = byte >= 0xf0 ? 3 : byte >= 0xe0 ? 2 : byte >= 0xc0 ? 1 : 0;
  }
}

const EMPTY = new Uint8Array();

function joined(parts: readonly Uint8Array[], bytes: number): Uint8Array {
  if (parts.length === 1) return parts[0]!;
  const all = new Uint8Array(bytes);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
