/** A client of a room without a page, at one of its terminals: what the server itself takes. */
import { randomBytes } from 'node:crypto';
import { type RoomEvent, RoomId, readTerminalFrame, TerminalId } from '@codesync/protocol';
import { type Joined, joinRoom, signIn } from '../lib/codesync.ts';
import { Tail } from './tail.ts';

const SIZE = { cols: 120, rows: 16 };

export class TerminalSeat {
  readonly #socket: Joined['socket'];
  #terminal: TerminalId | null = null;
  #shell = 1;
  #numbers = 0;
  readonly shown = new Tail();

  private constructor({ socket }: Joined) {
    this.#socket = socket;
    socket.on('terminalScreen', ({ shell, screen }) => {
      this.#shell = shell;
      this.shown.add(screen);
    });
    socket.on('terminal', (frame) => {
      const { terminal, shell, from, bytes } = readTerminalFrame(new Uint8Array(frame))!;
      this.shown.add(Buffer.from(bytes).toString('latin1'));
      socket.emit('terminal', { kind: 'read', terminal, shell, upTo: from + bytes.length });
    });
  }

  /** @param link the path of a link to the room */
  static async join(place: string, link: string): Promise<TerminalSeat> {
    const [, room, secret] = /^\/r\/([^#]+)#(.+)$/.exec(link)!;
    return joinRoom(
      place,
      await signIn(place),
      RoomId.parse(room),
      secret!,
      (joined) => new TerminalSeat(joined),
    );
  }

  take(_: readonly RoomEvent[]): void {}

  /** Opens a terminal, and resolves with its id at its prompt. */
  async open(): Promise<TerminalId> {
    const terminal = TerminalId.parse(randomBytes(9).toString('base64url'));
    const prompt = this.shown.until(/\$ $/);
    this.#socket.emit('command', {
      clientSeq: 1,
      body: { kind: 'terminal.open', terminal, name: 'Of a seat' },
    });
    this.#watch(terminal);
    await prompt;
    return terminal;
  }

  /** Watches one, and resolves with how long its screen took, in milliseconds. @param shows what the screen has */
  async watch(terminal: TerminalId, shows: RegExp): Promise<number> {
    this.shown.forget();
    const began = performance.now();
    const seen = this.shown.until(shows);
    this.#watch(terminal);
    return (await seen) - began;
  }

  unwatch(): void {
    this.#socket.emit('terminal', { kind: 'unwatch', terminal: this.#terminal! });
  }

  type(text: string): void {
    this.#numbers += 1;
    this.#socket.emit('terminal', {
      kind: 'type',
      terminal: this.#terminal!,
      shell: this.#shell,
      number: this.#numbers,
      text,
    });
  }

  leave(): void {
    this.#socket.disconnect();
  }

  #watch(terminal: TerminalId): void {
    this.#terminal = terminal;
    this.#socket.emit('terminal', { kind: 'watch', terminal, size: SIZE });
  }
}
