// A WebSocket client without manners: it says on the wire exactly what it is told to.
import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';

export type FrameOptions = {
  readonly fin?: boolean;
  readonly masked?: boolean;
  /** The three reserved bits, 0 to 7. */
  readonly reserved?: number;
  /** The length that the header claims, when it is not the payload's. */
  readonly claim?: number;
};

export const OPCODES = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** The bytes of a client's frame. */
export function frame(opcode: number, payload: Buffer, options: FrameOptions = {}): Buffer {
  const { fin = true, masked = true, reserved = 0, claim = payload.length } = options;
  const long = claim < 126 ? 0 : claim < 0x10000 ? 2 : 8;
  const header = Buffer.alloc(2 + long);
  header[0] = (fin ? 0x80 : 0) | (reserved << 4) | opcode;
  header[1] = (masked ? 0x80 : 0) | (long === 0 ? claim : long === 2 ? 126 : 127);
  if (long === 2) header.writeUInt16BE(claim, 2);
  if (long === 8) header.writeBigUInt64BE(BigInt(claim), 2);
  // A mask of zeros is a mask, and leaves the payload as it is.
  return Buffer.concat([header, masked ? Buffer.alloc(4) : Buffer.alloc(0), payload]);
}

/** What a server sends after its handshake, taken apart into messages. */
class Frames {
  #chunks: Buffer[] = [];
  #held = 0;
  #wanted = 2;
  readonly #onText: (text: string) => void;
  readonly #onBytes: (bytes: Buffer) => void;

  constructor(onText: (text: string) => void, onBytes: (bytes: Buffer) => void) {
    this.#onText = onText;
    this.#onBytes = onBytes;
  }

  take(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#held += chunk.length;
    while (this.#held >= this.#wanted) {
      const bytes = this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks);
      const short = bytes[1]! & 0x7f;
      const header = short < 126 ? 2 : short === 126 ? 4 : 10;
      if (bytes.length < header) {
        this.#wait(bytes, header);
        continue;
      }
      const length =
        short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
      const end = header + length;
      this.#wait(bytes.length < end ? bytes : bytes.subarray(end), bytes.length < end ? end : 2);
      if (bytes.length < end) continue;
      const opcode = bytes[0]! & 0x0f;
      if (opcode === OPCODES.text) this.#onText(bytes.toString('utf8', header, end));
      if (opcode === OPCODES.binary) this.#onBytes(bytes.subarray(header, end));
    }
  }

  #wait(rest: Buffer, wanted: number): void {
    this.#chunks = [rest];
    this.#held = rest.length;
    this.#wanted = wanted;
  }
}

export class RawSocket {
  readonly #net: Socket;
  readonly closed: Promise<void>;
  #open = true;
  #head = '';
  #frames: Frames | null = null;
  #upgraded: (status: number) => void = () => undefined;
  /** The HTTP status of the answer to the handshake, 0 when the connection ended before it. */
  readonly status: Promise<number>;

  /** Connects and sends the handshake for `path` with these headers beyond the usual ones. */
  constructor(
    address: string,
    path: string,
    headers: Readonly<Record<string, string>>,
    onText: (text: string) => void,
    onBytes: (bytes: Buffer) => void = () => undefined,
  ) {
    const { hostname, port, host } = new URL(address);
    this.status = new Promise((resolve) => {
      this.#upgraded = resolve;
    });
    this.#net = connect({ host: hostname, port: Number(port) });
    this.#net.on('error', () => undefined);
    this.closed = new Promise((resolve) => {
      this.#net.once('close', () => {
        this.#open = false;
        this.#upgraded(0);
        resolve();
      });
    });
    this.#net.on('data', (chunk: Buffer) => this.#take(chunk, onText, onBytes));
    const lines = {
      Host: host,
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
      ...headers,
    };
    const text = Object.entries(lines).map(([name, value]) => `${name}: ${value}\r\n`);
    this.#net.write(`GET ${path} HTTP/1.1\r\n${text.join('')}\r\n`, 'latin1');
  }

  get isOpen(): boolean {
    return this.#open;
  }

  #take(chunk: Buffer, onText: (text: string) => void, onBytes: (bytes: Buffer) => void): void {
    if (this.#frames !== null) {
      this.#frames.take(chunk);
      return;
    }
    this.#head += chunk.toString('latin1');
    const end = this.#head.indexOf('\r\n\r\n');
    if (end < 0) return;
    const status = Number(/^HTTP\/1\.1 (\d+)/.exec(this.#head)?.[1] ?? 0);
    const rest = Buffer.from(this.#head.slice(end + 4), 'latin1');
    if (status === 101) {
      this.#frames = new Frames(onText, onBytes);
      this.#frames.take(rest);
    } else onText(rest.toString());
    this.#upgraded(status);
  }

  write(bytes: Buffer): void {
    if (this.#open) this.#net.write(bytes);
  }

  frame(opcode: number, payload: Buffer | string, options?: FrameOptions): void {
    this.write(frame(opcode, typeof payload === 'string' ? Buffer.from(payload) : payload, options));
  }

  text(payload: string): void {
    this.frame(OPCODES.text, payload);
  }

  /** Reads no more: what the server sends piles up on its side. */
  deafen(): void {
    this.#net.pause();
  }

  /** Reads again. */
  listen(): void {
    this.#net.resume();
  }

  /** Bytes that this side could not send yet. */
  get unsent(): number {
    return this.#net.writableLength;
  }

  /** Resolves when what was written has gone out, or the connection is closed. */
  async flushed(): Promise<void> {
    if (!this.#open || this.#net.writableLength === 0) return;
    await Promise.race([this.closed, new Promise<void>((resolve) => this.#net.write('', () => resolve()))]);
  }

  end(): void {
    this.#net.destroy();
  }
}
