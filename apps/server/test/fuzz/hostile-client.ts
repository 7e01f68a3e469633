// A client that knows the protocol and means no good. It speaks Engine.IO and Socket.IO by hand.
import { PROTOCOL_VERSION } from '@codesync/protocol';
import type { Judge } from './judge.ts';
import { RawSocket } from './raw-socket.ts';

const SOCKET_PATH = '/socket.io/?EIO=4&transport=websocket';

/** A file as this client saw it when it joined. */
export type SeenFile = { readonly id: string; readonly version: number; readonly units: number };

/** What a welcome has that is looked at here. */
type Welcomed = {
  readonly ok: boolean;
  readonly lastClientSeq: number;
  readonly state: { readonly keyframe?: { readonly files: readonly WelcomedFile[] } };
};
type WelcomedFile = { readonly id: string; readonly version: number; readonly text: string };

export function filesOf({ state }: Pick<Welcomed, 'state'>): SeenFile[] {
  const files = state.keyframe?.files ?? [];
  return files.map(({ id, version, text }) => ({ id, version, units: text.length }));
}

type Reply = { readonly ok?: unknown; readonly error?: unknown; readonly state?: unknown };

export class HostileClient {
  readonly raw: RawSocket;
  readonly #judge: Judge;
  readonly #name: string;
  readonly #waiting = new Map<number, (reply: unknown) => void>();
  #acks = 0;
  #connected: (open: boolean) => void = () => undefined;
  /** Whether the namespace was entered; false when the connection ended or was refused before. */
  readonly connected: Promise<boolean>;
  /** Files of the room that it is in. */
  files: SeenFile[] = [];
  joined = false;
  clientSeq = 0;
  /** Whether it was told by a refusal why it has no connection. */
  refusedEntry = false;

  constructor(
    address: string,
    name: string,
    headers: Readonly<Record<string, string>>,
    judge: Judge,
    path = SOCKET_PATH,
  ) {
    this.#judge = judge;
    this.#name = name;
    this.connected = new Promise((resolve) => {
      this.#connected = resolve;
    });
    this.raw = new RawSocket(
      address,
      path,
      headers,
      (text) => this.#take(text),
      // Text of units below 256 is in a frame as it is.
      (bytes) => this.#judge.heard(this.#name, bytes.toString('latin1')),
    );
    void this.raw.closed.then(() => {
      this.#connected(false);
      for (const resolve of this.#waiting.values()) resolve(undefined);
      this.#waiting.clear();
    });
  }

  /** Enters the main namespace. */
  async enter(): Promise<boolean> {
    if ((await this.raw.status) !== 101) return false;
    this.raw.text('40');
    return this.connected;
  }

  #take(text: string): void {
    this.#judge.heard(this.#name, text);
    if (text === '2') this.raw.text('3');
    else if (text.startsWith('40')) this.#connected(true);
    else if (text.startsWith('44')) {
      this.#judge.refused(this.#name, (JSON.parse(text.slice(2)) as { data?: unknown }).data);
      this.refusedEntry = true;
      this.#connected(false);
    } else if (this.#judge.refusedInWords(text)) this.refusedEntry = true;
    else if (text.startsWith('42')) this.#event(JSON.parse(text.slice(2)) as [string, ...unknown[]]);
    else if (text.startsWith('43')) {
      const [, id, reply] = /^43(\d+)(\[.*)$/s.exec(text) ?? [];
      this.#replied(Number(id), (JSON.parse(reply ?? '[]') as unknown[])[0]);
    }
  }

  #event([name, first]: [string, ...unknown[]]): void {
    if (name === 'refused') this.#judge.refused(this.#name, (first as { error?: unknown }).error);
    else if (name === 'dismissed') {
      this.joined = false;
      this.#judge.refused(this.#name, first);
    } else if (name === 'resync') this.joined = false;
  }

  #replied(id: number, reply: unknown): void {
    if ((reply as Reply | undefined)?.ok === false) this.#judge.refused(this.#name, (reply as Reply).error);
    this.#waiting.get(id)?.(reply);
    this.#waiting.delete(id);
  }

  /** Emits an event whose parameters are JSON text. */
  emit(name: string, ...parameters: readonly string[]): void {
    this.raw.text(`42[${[JSON.stringify(name), ...parameters].join(',')}]`);
  }

  /** Emits an event that wants an answer; undefined when the connection ended instead. */
  ask(name: string, ...parameters: readonly string[]): Promise<unknown> {
    const id = this.#acks++;
    if (!this.raw.isOpen) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.raw.text(`42${id}[${[JSON.stringify(name), ...parameters].join(',')}]`);
    });
  }

  /** Joins as a page would; true when it was let in. */
  async join(room: string, client: string, secret: string | null, since: number | null = null) {
    const request = { protocol: PROTOCOL_VERSION, room, client, secret, since, pending: [] };
    const reply = (await this.ask('join', JSON.stringify(request))) as Welcomed | undefined;
    this.joined = reply?.ok === true;
    if (!this.joined) return false;
    this.clientSeq = reply!.lastClientSeq;
    this.files = filesOf(reply!);
    return true;
  }

  /** Sends a command as JSON text of its body, under the next number or under another one. */
  command(body: string, clientSeq: string | number = ++this.clientSeq): void {
    this.emit('command', `{"clientSeq":${clientSeq},"body":${body}}`);
  }

  /** Everything sent before has been seen: the server answers in order. False when the connection has ended. */
  async settled(): Promise<boolean> {
    if (!this.raw.isOpen) return false;
    await this.ask('rtt');
    return this.raw.isOpen;
  }

  end(): void {
    this.raw.end();
  }
}
