// What must hold whatever is thrown at the server: notes every breach, and counts what happened.
import { REFUSALS } from '@codesync/protocol';

/** Codes by their sentences: an HTTP answer in the place of a socket has a sentence alone. */
const CODES: ReadonlyMap<string, string> = new Map(
  Object.entries(REFUSALS).map(([code, sentence]) => [sentence, code]),
);
const MOST_BREACHES = 30;

function count(counts: Map<string, number>, key: string, by = 1): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}

export class Judge {
  /** Things sent, by the kind of input. */
  readonly inputs = new Map<string, number>();
  /** Inputs that were not let in, by their kind. */
  readonly turnedAway = new Map<string, number>();
  readonly refusals = new Map<string, number>();
  readonly breaches: string[] = [];
  readonly #canaries: string[] = [];

  /** Text that no hostile client may ever be sent. */
  keepFrom(...canaries: string[]): void {
    this.#canaries.push(...canaries);
  }

  /** An input of that kind is over, and has sent so many things. */
  input(kind: string, sent: number): void {
    count(this.inputs, kind, sent);
    if (sent === 0) count(this.turnedAway, kind);
  }

  breach(what: string): void {
    if (this.breaches.length < MOST_BREACHES && !this.breaches.includes(what)) this.breaches.push(what);
  }

  /** Anything at all that the server sent to a hostile client. */
  heard(from: string, text: string): void {
    for (const canary of this.#canaries) {
      if (text.includes(canary)) this.breach(`${from}: was sent ${canary}, of another room`);
    }
  }

  /** A refusal as it travelled: of a known code, with a sentence. */
  refused(from: string, error: unknown): void {
    const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
    if (typeof code !== 'string' || !Object.hasOwn(REFUSALS, code)) {
      this.breach(`${from}: refused without a known code: ${JSON.stringify(error)?.slice(0, 200)}`);
    } else if (typeof message !== 'string' || !/^\p{Lu}.*[.?!]$/su.test(message)) {
      this.breach(`${from}: ${code} without a sentence: ${String(message).slice(0, 200)}`);
    } else count(this.refusals, code);
  }

  /** The text of an HTTP answer that came in the place of a socket: whether it is the sentence of a refusal. */
  refusedInWords(text: string): boolean {
    const code = CODES.get(text);
    if (code !== undefined) count(this.refusals, code);
    return code !== undefined;
  }
}
