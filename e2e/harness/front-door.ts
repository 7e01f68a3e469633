/** One address for several servers, as a load balancer is: a new connection goes to whichever it leads to now. */
import net from 'node:net';

export class FrontDoor {
  readonly #server: net.Server;
  #target: URL;

  private constructor(server: net.Server, target: URL) {
    this.#server = server;
    this.#target = target;
  }

  static async open(to: string): Promise<FrontDoor> {
    const server = net.createServer();
    const door = new FrontDoor(server, new URL(to));
    server.on('connection', (outer) => door.#pass(outer));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return door;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as net.AddressInfo).port}`;
  }

  /** From now on it leads there; connections that are open stay. */
  leadTo(url: string): void {
    this.#target = new URL(url);
  }

  async close(): Promise<void> {
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #pass(outer: net.Socket): void {
    const inner = net.connect(Number(this.#target.port), this.#target.hostname);
    for (const [from, to] of [
      [outer, inner],
      [inner, outer],
    ] as const) {
      from.pipe(to);
      from.on('error', () => to.destroy());
      from.on('close', () => to.destroy());
    }
  }
}
