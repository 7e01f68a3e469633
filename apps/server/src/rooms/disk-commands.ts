// The commands to a workspace's disk that are on their way. Each is answered, in their order.
import type { DiskCommand, DiskEvent } from '../ports.ts';

type Numbered = Exclude<DiskCommand, { type: 'files.seen' }>;
/** A command without its number. */
type Unnumbered = {
  [Type in Numbered['type']]: Omit<Extract<Numbered, { type: Type }>, 'n'>;
}[Numbered['type']];

export type DiskAnswer = Exclude<DiskEvent, { type: 'files.changed' }>;

/** What may be on its way. More waits here, so that a slow disk holds nothing up but itself. */
const COMMANDS = 32;
const UNITS = 4_000_000;

type Waiting = {
  /** Made when it is sent: paths may be others by then. */
  readonly command: () => Unnumbered;
  readonly units: number;
  readonly answered: (answer: DiskAnswer) => void;
};

/**
 * While a move is on its way nothing else is sent: what is where is known when it is answered. So whatever the disk says
 * before that answer is said of the disk before the move.
 */
export class DiskCommands {
  readonly #send: (command: DiskCommand) => void;
  #last = 0;
  #units = 0;
  /** The number of the move that is on its way. */
  #move: number | null = null;
  readonly #unsent: Waiting[] = [];
  readonly #unanswered: (Waiting & { readonly n: number })[] = [];

  constructor(send: (command: DiskCommand) => void) {
    this.#send = send;
  }

  /** Nothing is on its way or waits for it. */
  get idle(): boolean {
    return this.#unanswered.length + this.#unsent.length === 0;
  }

  /** A move is on its way. */
  get moving(): boolean {
    return this.#move !== null;
  }

  /** As much is on its way as may be. */
  get full(): boolean {
    return this.#unanswered.length + this.#unsent.length >= COMMANDS || this.#units >= UNITS;
  }

  /** @param units of the text that goes either way. */
  send(command: () => Unnumbered, units: number, answered: (answer: DiskAnswer) => void): void {
    this.#units += units;
    this.#unsent.push({ command, units, answered });
    this.#sendOn();
  }

  seen(batch: number): void {
    this.#send({ type: 'files.seen', batch });
  }

  /** False for an answer to something else than what is next. */
  answer(answer: DiskAnswer): boolean {
    const next = this.#unanswered[0];
    if (next?.n !== answer.n) return false;
    this.#unanswered.shift();
    this.#units -= next.units;
    next.answered(answer);
    if (this.#move === answer.n) this.#move = null;
    this.#sendOn();
    return true;
  }

  #sendOn(): void {
    while (this.#move === null) {
      const next = this.#unsent.shift();
      if (next === undefined) return;
      const n = ++this.#last;
      const command = next.command();
      if (command.type === 'files.move') this.#move = n;
      this.#unanswered.push({ ...next, n });
      this.#send({ ...command, n } as Numbered);
    }
  }
}
