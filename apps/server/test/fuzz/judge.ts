// What must hold whatever is thrown at the server: notes every breach, and counts what happened.
import { REFUSALS } from '@codesync/protocol';

/** Sentences that a refused handshake carries: what a browser shows of it has no place for a code. */
const SENTENCES: ReadonlySet<string> = new Set(Object.values(REFUSALS));
const MOST_BREACHES = 30;

function count(counts: Map<string, number>, key: string, by = 1): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}

export class Judge {
  readonly inputs = new Map<string, number>();
  readonly refusals = new Map<string, number>();
  readonly breaches: string[] = [];
  readonly #canaries: string[] = [];
  #bytes = 0;

  /** Text that no hostile client may ever be sent. */
  keepFrom(...canaries: string[]): void {
    this.#canaries.push(...canaries);
  }

  input(kind: string, by = 1): void {
    count(this.inputs, kind, by);
  }

  breach(what: string): void {
    if (this.breaches.length < MOST_BREACHES && !this.breaches.includes(what)) this.breaches.push(what);
  }

  /** How much hostile clients were sent. */
  get bytesHeard(): number {
    return this.#bytes;
  }

  /** Anything at all that the server sent to a hostile client. */
  heard(from: string, text: string): void {
    this.#bytes += text.length;
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

  /** A sentence that came instead of a connection. */
  turnedAway(from: string, message: unknown): void {
    if (typeof message === 'string' && SENTENCES.has(message)) count(this.refusals, '(handshake)');
    else this.breach(`${from}: turned away without a sentence: ${String(message).slice(0, 200)}`);
  }
}
