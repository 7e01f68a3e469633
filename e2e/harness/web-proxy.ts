/**
 * A reverse proxy in front of the server, of the kinds that people have: it may know nothing of WebSockets in one way or
 * another, and may serve the product below a path, with or without telling the server so.
 */
import http from 'node:http';
import net from 'node:net';
import type { Duplex } from 'node:stream';

/**
 * What becomes of WebSockets. `through`: they work. `stripped`: the request for one arrives as an ordinary one.
 * `refused`: it is answered with 400. `swallowed`: it is accepted, and nothing is ever forwarded. `buffered`: it is passed
 * on, and what the server sends is held back until there is a lot of it, as is what it answers to ordinary requests.
 */
export type WebSocketFate = 'through' | 'stripped' | 'refused' | 'swallowed' | 'buffered';

/** Where the product is for its visitors: `kept` hands the prefix on, `stripped` takes it off. */
export type Prefix = { readonly path: string; readonly how: 'kept' | 'stripped' };

export type WebProxyOptions = {
  readonly webSockets?: WebSocketFate;
  readonly prefix?: Prefix;
  /** Changes the headers of an answer, as a proxy does that drops cookies. */
  readonly answer?: (headers: http.IncomingHttpHeaders) => void;
};

/** What a buffering proxy holds back, in bytes. */
const BUFFER = 1 << 20;
/** Headers that are between neighbours. */
const HOP_BY_HOP = ['connection', 'upgrade', 'keep-alive', 'transfer-encoding'];

export class WebProxy {
  readonly #server = http.createServer();
  readonly #target: URL;
  readonly #prefix: Prefix | null;
  readonly #answer: (headers: http.IncomingHttpHeaders) => void;
  readonly #agent = new http.Agent({ keepAlive: true });
  readonly #lines = new Set<Duplex>();
  #webSockets: WebSocketFate;
  /** How many requests for a WebSocket have come. */
  upgrades = 0;
  /** What was asked for by ordinary requests, in order. */
  readonly asked: string[] = [];
  /** Paths that were asked for outside of the prefix. */
  readonly strays: string[] = [];

  private constructor(url: string, { webSockets = 'through', prefix, answer }: WebProxyOptions) {
    this.#target = new URL(url);
    this.#webSockets = webSockets;
    this.#prefix = prefix ?? null;
    this.#answer = answer ?? (() => undefined);
    this.#server.on('request', (request, response) => this.#pass(request, response));
    this.#server.on('upgrade', (request, socket, head) => {
      this.upgrades++;
      this.#upgrade(request, socket, head);
    });
  }

  /** Listens on a port of its own for what is meant for `url`. */
  static async before(url: string, options: WebProxyOptions = {}): Promise<WebProxy> {
    const proxy = new WebProxy(url, options);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  /** Where the product is behind it, without a slash at the end. */
  get url(): string {
    const { port } = this.#server.address() as net.AddressInfo;
    return `http://127.0.0.1:${port}${this.#prefix?.path ?? ''}`;
  }

  /** From now on. Those that are open through it are cut. */
  set webSockets(fate: WebSocketFate) {
    this.#webSockets = fate;
    for (const line of this.#lines) line.destroy();
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const line of this.#lines) line.destroy();
    this.#server.closeAllConnections();
    this.#agent.destroy();
    await closed;
  }

  /** The path that the server is asked for; null outside of the prefix. */
  #path(asked: string): string | null {
    if (this.#prefix === null) return asked;
    const { path, how } = this.#prefix;
    if (asked !== path && !asked.startsWith(`${path}/`)) return null;
    if (how === 'kept') return asked;
    return asked.slice(path.length) || '/';
  }

  #headers({ headers, socket }: http.IncomingMessage): http.OutgoingHttpHeaders {
    const kept = Object.entries(headers).filter(([name]) => !HOP_BY_HOP.includes(name));
    return {
      ...Object.fromEntries(kept),
      'x-forwarded-for': socket.remoteAddress,
      'x-forwarded-proto': 'http',
    };
  }

  #pass(request: http.IncomingMessage, response: http.ServerResponse): void {
    this.asked.push(request.url!);
    const path = this.#path(request.url!);
    if (path === null) {
      this.strays.push(request.url!);
      response.writeHead(404).end('Another service is here.');
      return;
    }
    const { hostname, port } = this.#target;
    const onward = http.request({
      hostname,
      port,
      path,
      method: request.method,
      headers: this.#headers(request),
      agent: this.#agent,
    });
    onward.on('response', (answer) => {
      this.#answer(answer.headers);
      const headers = Object.entries(answer.headers).filter(([name]) => !HOP_BY_HOP.includes(name));
      response.writeHead(answer.statusCode!, Object.fromEntries(headers) as http.OutgoingHttpHeaders);
      if (this.#webSockets !== 'buffered') answer.pipe(response);
      else {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('end', () => response.end(Buffer.concat(chunks)));
      }
    });
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    request.pipe(onward);
  }

  #upgrade(request: http.IncomingMessage, near: Duplex, head: Buffer): void {
    near.on('error', () => undefined);
    this.#lines.add(near);
    near.on('close', () => this.#lines.delete(near));
    switch (this.#webSockets) {
      case 'swallowed':
        return;
      case 'refused':
        near.end('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
        return;
      case 'stripped': {
        const response = new http.ServerResponse(request);
        response.assignSocket(near as net.Socket);
        response.on('finish', () => near.end());
        this.#pass(request, response);
        return;
      }
      case 'through':
      case 'buffered':
        this.#tunnel(request, near, head);
    }
  }

  #tunnel(request: http.IncomingMessage, near: Duplex, head: Buffer): void {
    const path = this.#path(request.url!);
    if (path === null) {
      this.strays.push(request.url!);
      near.destroy();
      return;
    }
    const far = net.connect({ host: this.#target.hostname, port: Number(this.#target.port) });
    const headers = { ...this.#headers(request), connection: 'Upgrade', upgrade: 'websocket' };
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${String(value)}\r\n`);
    far.write(`GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`, 'latin1');
    far.write(head);
    near.on('data', (chunk: Buffer) => far.write(chunk));
    if (this.#webSockets === 'through') far.on('data', (chunk: Buffer) => near.write(chunk));
    else this.#holdBack(far, near);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      from.on('error', () => undefined);
      from.on('close', () => to.destroy());
    }
  }

  /** Passes on that the WebSocket is accepted, and the rest once there is a lot of it. */
  #holdBack(far: net.Socket, near: Duplex): void {
    let held = Buffer.alloc(0);
    let accepted = false;
    far.on('data', (chunk: Buffer) => {
      held = Buffer.concat([held, chunk]);
      const end = held.indexOf('\r\n\r\n');
      if (!accepted && end >= 0) {
        accepted = true;
        near.write(held.subarray(0, end + 4));
        held = held.subarray(end + 4);
      }
      if (held.length < BUFFER) return;
      near.write(held);
      held = Buffer.alloc(0);
    });
  }
}
