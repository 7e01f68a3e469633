/**
 * A way to the server that can be long, and cut as a network is cut: packets vanish, and nobody is told that they do.
 */
import net from 'node:net';

type Line = { readonly near: net.Socket; readonly far: net.Socket };

export class TcpProxy {
  readonly #server: net.Server;
  #target: { readonly host: string; readonly port: number };
  readonly #lines = new Set<Line>();
  #cut = false;
  /** How long bytes take to the server, and how long from there, in milliseconds. */
  readonly #oneWayMs: number;

  private constructor(url: string, oneWayMs: number) {
    this.#oneWayMs = oneWayMs;
    this.#target = targetOf(url);
    this.#server = net.createServer((near) => this.#open(near));
  }

  /** Listens on a port of its own for what is meant for `url`. Bytes take `oneWayMs` to there, and as long back. */
  static async before(url: string, oneWayMs = 0): Promise<TcpProxy> {
    const proxy = new TcpProxy(url, oneWayMs);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as net.AddressInfo).port}`;
  }

  /** From now on new connections lead there; those that are open stay where they are. */
  leadTo(url: string): void {
    this.#target = targetOf(url);
  }

  /** From now on nothing gets through, in either direction. Connections stay as they are, also new ones. */
  cut(): void {
    this.#cut = true;
    for (const line of this.#lines) hold(line);
  }

  /** How many connections go through it, or wait to. */
  get connections(): number {
    return this.#lines.size;
  }

  /**
   * The network is back. `late`: what was sent meanwhile arrives now, as after retransmissions. `dead`: it never
   * does, and the connections of before are reset.
   */
  mend(how: 'late' | 'dead'): void {
    this.#cut = false;
    for (const { near, far } of this.#lines) {
      const over = near.destroyed || far.destroyed;
      for (const socket of [near, far]) {
        if (how === 'dead') socket.resetAndDestroy();
        else if (over) socket.destroySoon();
        else socket.resume();
      }
    }
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const { near, far } of this.#lines) {
      near.destroy();
      far.destroy();
    }
    await closed;
  }

  #open(near: net.Socket): void {
    const far = net.connect(this.#target);
    const line: Line = { near, far };
    this.#lines.add(line);
    // Bytes are handed on by hand: a cut has to keep the end of a connection to itself as well.
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      from.setNoDelay(true);
      from.on('data', (chunk: Buffer) => this.#later(() => to.write(chunk)));
      from.on('end', () => this.#later(() => to.end()));
      from.on('error', () => undefined);
      from.on('close', () =>
        this.#later(() => {
          if (this.#cut) return;
          this.#lines.delete(line);
          to.destroySoon();
        }),
      );
    }
    if (this.#cut) hold(line);
  }

  #later(act: () => void): void {
    if (this.#oneWayMs === 0) act();
    else setTimeout(act, this.#oneWayMs);
  }
}

function targetOf(url: string): { readonly host: string; readonly port: number } {
  const { hostname: host, port } = new URL(url);
  return { host, port: Number(port) };
}

/** Nothing is read any more, neither bytes nor an end: they wait in the machine, as packets in a sender. */
function hold({ near, far }: Line): void {
  near.pause();
  far.pause();
}
