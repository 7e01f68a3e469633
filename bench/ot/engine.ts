/** What the lines ask of an engine. Positions and lengths are UTF-16 units. */

/** One person's copy of a file, the way the engine is meant to be used for it. */
export interface Replica {
  /** A local edit, shown at once and kept to be sent. */
  edit(at: number, remove: number, insert: string): void;
  /** A local edit as `edit` makes it, and the message that brings it to others; nothing else is unsent. */
  send(at: number, remove: number, insert: string): Uint8Array;
  /** Whoever puts edits in order has all local ones. Means nothing to engines without such a party. */
  confirm(): void;
  /** All that is unsent, for others who have seen all else that this copy has; it counts as confirmed. */
  flush(): readonly Uint8Array[];
  /** Takes in messages of others, in order; it may take them together. */
  receive(messages: readonly Uint8Array[]): void;
  text(): string;
  /** From which `Engine.load` makes a copy that can be edited with this one's peers. */
  snapshot(): Uint8Array;
}

/** What a server keeps of a file that is open, to bring new edits into it and to give it out. */
export interface Host {
  receive(messages: readonly Uint8Array[]): void;
  text(): string;
}

/** Two people on one file and the server between them, all in this process, joined by bytes. */
export interface Session {
  /** A local edit, which goes to the server as soon as the engine lets it. */
  type(person: 0 | 1, at: number, remove: number, insert: string): void;
  /**
   * Lets the person see at least the other's first `count` edits, and all that the server has besides as far as it
   * holds no further edit of the other.
   */
  deliver(person: 0 | 1, count: number): void;
  view(person: 0 | 1): string;
  /** Every copy in the process, the server's included. */
  texts(): readonly string[];
  /**
   * Whether a person may come to know the other's edits earlier than was asked: so it is where one edit at a time is
   * under way, and those behind it travel together.
   */
  readonly knowsMore: boolean;
}

export interface Engine {
  /** The npm packages that it is made of; their versions are printed. */
  readonly packages: readonly string[];
  /** A snapshot of a new file with this text. */
  create(text: string): Uint8Array;
  /**
   * @param person a small number, another for every copy that makes edits.
   * @param keeping how edits that are not confirmed are kept, where a client of the engine's kind composes each key
   *   into the ones before: as that client does, or gathered and composed as a balanced tree once they are needed.
   */
  load(snapshot: Uint8Array, person: number, keeping?: 'as-its-client' | 'gathered'): Replica;
  host(snapshot: Uint8Array): Host;
  /**
   * A server that passes on what one person alone sends: for each message, in order, the one for the others. Without
   * it they are sent the same.
   */
  relay?(): (message: Uint8Array) => Uint8Array;
  session(): Session;
  /**
   * A connection that brings keystrokes to someone else: for each message, in order, the bytes that cross the wire
   * with all that goes around it.
   */
  connection(): (message: Uint8Array) => number;
  /** What a connection puts around a message. */
  readonly around: string;
  /** Edits have one order, which a server decides; what is not confirmed is kept apart. */
  readonly ordered: boolean;
}

/** Bytes of a WebSocket frame from a server around a payload (RFC 6455, 5.2: unmasked). */
export function webSocketFrame(payload: number): number {
  return payload + (payload < 126 ? 2 : payload < 65_536 ? 4 : 10);
}
