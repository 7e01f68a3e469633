/** A room whose one program is run again and again. People take turns, because each may start only so many a minute. */
import {
  type ClientToServer,
  type FileId,
  type Language,
  LIMITS,
  type RoomEvent,
  type RoomId,
  type RunId,
  stretchesOf,
} from '@codesync/protocol';
import { createRoom, type Joined, joinRoom, signIn } from '../lib/codesync.ts';
import type { Ended, Going } from './way.ts';

const MINUTE_MS = 61_000;

export class RunRoom {
  readonly #join: () => Promise<Seat>;
  readonly #seats: Seat[] = [];

  private constructor(join: () => Promise<Seat>) {
    this.#join = join;
  }

  static async open(place: string, language: Language): Promise<RunRoom> {
    const { room, secret } = await createRoom(place, language);
    return new RunRoom(() => Seat.join(place, room, secret));
  }

  /** Puts the text into the room's file; resolves to what runs it, when everybody has it. */
  async ready(text: string): Promise<() => Going> {
    const seat = this.#seats.find((seat) => seat.mayStart()) ?? (await this.#join());
    if (!this.#seats.includes(seat)) this.#seats.push(seat);
    await seat.write(text);
    return () => seat.start();
  }

  leave(): void {
    for (const seat of this.#seats) seat.leave();
  }
}

type Run = {
  readonly startedAt: number;
  firstByteAt: number;
  output: string[];
  mixed: string[];
  errors: string;
  stopWhenKnown: boolean;
  spoke: () => void;
  ended: (ended: Ended) => void;
};

/** One person in the room. */
class Seat {
  readonly #socket: Joined['socket'];
  readonly #client: string;
  readonly #file: FileId;
  readonly #starts: number[] = [];
  /** By the number of the command that started them, until their ids are known. */
  readonly #begun = new Map<number, Run>();
  readonly #runs = new Map<RunId, Run>();
  #watchers: (() => void)[] = [];
  #text: string;
  #version: number;
  #seq = 0;

  private constructor({ socket, client, keyframe }: Joined) {
    const file = keyframe.files[0]!;
    this.#socket = socket;
    this.#client = client;
    this.#file = file.id;
    this.#text = file.text;
    this.#version = file.version;
  }

  static async join(place: string, room: RoomId, secret: string): Promise<Seat> {
    return joinRoom(place, await signIn(place), room, secret, (joined) => new Seat(joined));
  }

  take(events: readonly RoomEvent[]): void {
    for (const event of events) this.#hear(event);
  }

  /** Whether the server would let this person start one more run now. */
  mayStart(): boolean {
    const since = performance.now() - MINUTE_MS;
    while (this.#starts[0] !== undefined && this.#starts[0] < since) this.#starts.shift();
    return this.#starts.length < LIMITS.runStartsPerMinute;
  }

  /** Replaces the file's text; resolves when that is in the log. Counts as a start that is about to be made. */
  async write(text: string): Promise<void> {
    this.#starts.push(performance.now());
    if (text === this.#text) return;
    const op = this.#text === '' ? [text] : [-this.#text.length, text];
    this.#command({ kind: 'edit', file: this.#file, base: this.#version, op });
    await this.#until(() => this.#text === text);
  }

  start(): Going {
    let run: Run;
    const spoke = new Promise<void>((resolve) => {
      run = {
        startedAt: performance.now(),
        firstByteAt: 0,
        output: [],
        mixed: [],
        errors: '',
        stopWhenKnown: false,
        spoke: resolve,
        ended: () => undefined,
      };
    });
    const ended = new Promise<Ended>((resolve) => {
      run.ended = resolve;
    });
    this.#begun.set(this.#command({ kind: 'run.start', entry: this.#file }), run!);
    return { spoke, ended, stop: () => this.#stop(run) };
  }

  leave(): void {
    this.#socket.disconnect();
  }

  #stop(run: Run): void {
    const id = [...this.#runs].find(([, known]) => known === run)?.[0];
    if (id === undefined) run.stopWhenKnown = true;
    else this.#command({ kind: 'run.stop', run: id });
  }

  #command(body: Parameters<ClientToServer['command']>[0]['body']): number {
    this.#seq++;
    this.#socket.emit('command', { clientSeq: this.#seq, body });
    return this.#seq;
  }

  #hear({ body, origin }: RoomEvent): void {
    switch (body.kind) {
      case 'edit':
        this.#version = body.version;
        this.#text = body.op.filter((part) => typeof part === 'string').join('');
        break;
      case 'run.started': {
        const run = origin?.client === this.#client ? this.#begun.get(origin.clientSeq) : undefined;
        if (run === undefined) break;
        this.#begun.delete(origin!.clientSeq);
        this.#runs.set(body.run, run);
        if (run.stopWhenKnown) this.#stop(run);
        break;
      }
      case 'run.output': {
        const run = this.#runs.get(body.run);
        if (run === undefined) break;
        run.firstByteAt ||= performance.now();
        run.mixed.push(body.text);
        for (const { stream, text } of stretchesOf(body)) {
          if (stream === 'stdout') run.output.push(text);
          else run.errors += text;
        }
        run.spoke();
        break;
      }
      case 'run.ended': {
        const run = this.#runs.get(body.run);
        if (run === undefined) break;
        this.#runs.delete(body.run);
        const endedAt = performance.now();
        run.ended({
          startedAt: run.startedAt,
          firstByteAt: run.firstByteAt || endedAt,
          endedAt,
          output: run.output.join(''),
          mixed: run.mixed.join(''),
          truncated: body.truncated.stdout,
          trouble:
            body.reason === 'exit' && body.exitCode === 0
              ? ''
              : `${body.message ?? body.reason} ${run.errors}`,
        });
      }
    }
    for (const look of [...this.#watchers]) look();
  }

  #until(condition: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (!condition()) return;
        this.#watchers = this.#watchers.filter((other) => other !== look);
        resolve();
      };
      this.#watchers.push(look);
      look();
    });
  }
}
