// A call without a server in the middle: each page is connected to every other one.
import type { CallSessionId, ClientId, IceServers, IncomingSignal, MediaKind } from '@codesync/protocol';
import type { Clock } from '../room-source/clock.ts';
import type { PeerChannel, PeerChannels } from '../room-source/peer-channels.ts';
import { sendLimits } from './bitrates.ts';
import { Peer } from './peer.ts';
import type { CallTransport, Other, PeerView, TransportListener } from './transport.ts';

/** How often it is measured how the ways are. */
const MEASURE_MS = 2_000;
/** Credentials that hold for less than this are renewed; that is tried no more often than `RENEW_MS`. */
const FRESH_MS = 300_000;
const RENEW_MS = 10_000;
/** Signals of somebody of whom the server has not told yet, at most, and for how long. */
const EARLY_SIGNALS = 64;
const EARLY_MS = 5_000;

type Known = { readonly session: CallSessionId; readonly peer: Peer };

export class Mesh implements CallTransport {
  readonly #self: ClientId;
  readonly #clock: Clock;
  readonly #listener: TransportListener;
  readonly #peers = new Map<ClientId, Known>();
  readonly #tracks = new Map<MediaKind, MediaStreamTrack>();
  readonly #messageListeners = new Set<Parameters<PeerChannels['onMessage']>[0]>();
  #early: { readonly at: number; readonly signal: IncomingSignal }[] = [];
  #ice: IceServers;
  #iceAt: number;
  #renewedAt = Number.NEGATIVE_INFINITY;
  #renewing: Promise<void> | null = null;
  #cancelMeasuring: () => void;

  constructor(self: ClientId, ice: IceServers, clock: Clock, listener: TransportListener) {
    this.#self = self;
    this.#ice = ice;
    this.#iceAt = clock.now();
    this.#clock = clock;
    this.#listener = listener;
    this.#cancelMeasuring = clock.after(MEASURE_MS, () => this.#measure());
  }

  readonly channels: PeerChannels = {
    peers: () => new Set([...this.#peers].flatMap(([client, { peer }]) => (peer.open ? [client] : []))),
    send: (channel, bytes) => {
      for (const { peer } of this.#peers.values()) peer.send(channel, bytes);
    },
    onMessage: (listener) => {
      this.#messageListeners.add(listener);
      return () => this.#messageListeners.delete(listener);
    },
  };

  setOthers = (others: readonly Other[]): void => {
    const sessions = new Map(others.map(({ client, session }) => [client, session]));
    const before = this.#peers.size;
    for (const [client, { session, peer }] of [...this.#peers]) {
      if (sessions.get(client) === session) continue;
      peer.close();
      this.#peers.delete(client);
    }
    for (const other of others) if (!this.#peers.has(other.client)) this.#meet(other);
    if (this.#peers.size !== before) for (const { peer } of this.#peers.values()) peer.limit();
    const now = this.#clock.now();
    for (const { at, signal } of this.#early.splice(0)) if (now - at < EARLY_MS) this.signalled(signal);
    this.#listener.changed();
  };

  setTrack = (kind: MediaKind, track: MediaStreamTrack | null): void => {
    if (track === null) this.#tracks.delete(kind);
    else this.#tracks.set(kind, track);
    for (const { peer } of this.#peers.values()) peer.setTrack(kind);
  };

  signalled = (incoming: IncomingSignal): void => {
    const known = this.#peers.get(incoming.from);
    if (known?.session === incoming.session) void known.peer.signalled(incoming.generation, incoming.signal);
    // The server told it of this page before it told this page of it.
    else this.#early = [...this.#early, { at: this.#clock.now(), signal: incoming }].slice(-EARLY_SIGNALS);
  };

  agreed = async (): Promise<void> => {
    await Promise.all([...this.#peers.values()].map(({ peer }) => peer.agreed));
  };

  wake = (): void => {
    for (const { peer } of this.#peers.values()) peer.wake();
  };

  reached = (): void => {
    for (const { peer } of this.#peers.values()) peer.reached();
  };

  level = async (): Promise<number | null> => {
    for (const { peer } of this.#peers.values()) {
      const level = await peer.level();
      if (level !== null) return level;
    }
    return null;
  };

  peers = (): ReadonlyMap<ClientId, PeerView> =>
    new Map([...this.#peers].map(([client, { peer }]) => [client, peer.view]));

  close = (): void => {
    this.#cancelMeasuring();
    for (const { peer } of this.#peers.values()) peer.close();
    this.#peers.clear();
    this.#messageListeners.clear();
  };

  #meet(other: Other): void {
    const peer = new Peer({
      clock: this.#clock,
      leads: this.#self < other.client,
      servers: () => this.#servers(),
      signal: (generation, signal) => this.#listener.signal(other, generation, signal),
      track: (kind) => this.#tracks.get(kind) ?? null,
      limits: () => sendLimits(this.#peers.size + 1),
      message: (channel, bytes) => this.#tell(other.client, channel, bytes),
      changed: this.#listener.changed,
    });
    this.#peers.set(other.client, { session: other.session, peer });
  }

  #tell(from: ClientId, channel: PeerChannel, bytes: Uint8Array<ArrayBuffer>): void {
    for (const listener of [...this.#messageListeners]) listener(from, channel, bytes);
  }

  /** The servers, with credentials that hold for a while. */
  async #servers(): Promise<IceServers> {
    if (this.#isOld()) {
      this.#renewing ??= this.#renew().finally(() => {
        this.#renewing = null;
      });
      await this.#renewing;
    }
    return this.#ice;
  }

  #isOld(): boolean {
    const { validMs } = this.#ice;
    return validMs !== null && this.#iceAt + validMs - this.#clock.now() < FRESH_MS;
  }

  async #renew(): Promise<void> {
    this.#renewedAt = this.#clock.now();
    const ice = await this.#listener.renew();
    if (ice === null) return;
    this.#ice = ice;
    this.#iceAt = this.#clock.now();
    for (const { peer } of this.#peers.values()) peer.use(ice);
  }

  #measure(): void {
    this.#cancelMeasuring = this.#clock.after(MEASURE_MS, () => this.#measure());
    for (const { peer } of this.#peers.values()) void peer.measure();
    // Whoever answers another's search for a way has no time to ask for credentials.
    if (this.#clock.now() - this.#renewedAt >= RENEW_MS) void this.#servers();
  }
}
